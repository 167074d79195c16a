import { messageOf, SttError } from "@stt/core";
import { type Config, type ConfigKey, createConfig, VARIABLES, type Variable } from "@stt/core/config";
import { checkReplacements } from "../text/check-replacements.js";

/** One variable as an operator sees it. */
export interface ConfigEntry {
  /** Name in the environment. */
  name: string;
  /** As the environment would have it: durations in the variable's unit. `null` where it must not be shown. */
  value: string | null;
  /** Unit of a number: `s`, `ms`, `bytes` or `%`. */
  unit: string | null;
  /** What is allowed, in English. */
  allowed: string;
  /** Whether it can be changed now. */
  live: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: a table of variables mixes value types; each is used with its own only
type AnyVariable = Variable<any>;

const BY_NAME = new Map<string, { key: ConfigKey; variable: AnyVariable }>(
  Object.entries<AnyVariable>(VARIABLES).map(([key, variable]) => [variable.env, { key: key as ConfigKey, variable }]),
);

/** The configuration as it is now. Variables that are marked `live` can be changed while the server runs. */
export class LiveConfig {
  readonly #listeners = new Set<(config: Config) => void>();
  #current: Config;

  constructor(initial: Config) {
    this.#current = initial;
  }

  get current(): Config {
    return this.#current;
  }

  /** @returns a function that ends it. */
  subscribe(listener: (config: Config) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Variables of the server, all or by their names.
   *
   * @throws SttError `invalid_argument` for a name that is none.
   */
  entries(names?: readonly string[]): ConfigEntry[] {
    const wanted = names?.map((name) => find(name)) ?? [...BY_NAME.values()];
    return wanted
      .filter(({ variable }) => variable.audience !== "client")
      .map(({ key, variable }) => ({
        name: variable.env,
        value: variable.secret ? null : variable.type.format(this.#current[key]),
        unit: variable.type.unit ?? null,
        allowed: variable.type.allowed.en,
        live: variable.live,
      }));
  }

  /**
   * Changes variables, all or, if one of them is not allowed, none.
   *
   * @param values by name, as the environment has them: texts, numbers in the variable's unit, or truth values.
   * @throws SttError `invalid_argument` that names the variable and what is allowed.
   */
  set(values: Readonly<Record<string, unknown>>): void {
    const changes: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(values)) {
      const { key, variable } = find(name);
      if (!variable.live) {
        throw new SttError("invalid_argument", `${name} cannot be changed while the server runs. Set it and restart.`);
      }
      changes[key] = read(variable, value);
    }
    let changed: Config;
    try {
      changed = createConfig({ ...this.#current, ...changes });
    } catch (error) {
      throw new SttError("invalid_argument", messageOf(error));
    }
    checkReplacements(changed, "invalid_argument");
    this.#current = changed;
    for (const listener of this.#listeners) listener(this.#current);
  }
}

function find(name: string): { key: ConfigKey; variable: AnyVariable } {
  const found = BY_NAME.get(name);
  if (!found) throw new SttError("invalid_argument", `There is no variable ${quote(name)}.`);
  return found;
}

function read(variable: AnyVariable, value: unknown): unknown {
  const simple = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  const result = simple ? variable.type.schema.safeParse(variable.type.parse(String(value).trim())) : undefined;
  if (result?.success) return result.data;
  const shown = variable.secret ? "set to a value that is not shown" : quote(value);
  throw new SttError("invalid_argument", `${variable.env} is ${shown}; allowed is ${variable.type.allowed.en}.`);
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
