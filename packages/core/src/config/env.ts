/** From environment variables, or from values in code, to a checked {@link Config}. */
import { excerptOf } from "../callers/fields.js";
import { SttError } from "../errors.js";
import { isDesktopLocale } from "./languages.js";
import { type Config, type ConfigKey, VARIABLES } from "./schema.js";
import { findTypos } from "./typos.js";
import type { ValueType } from "./value-types.js";
import type { Variable } from "./variable.js";

/** Variables by name, such as `process.env`. An empty value counts as none. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What {@link loadConfig} found. */
export interface LoadedConfig {
  config: Config;
  /** Sentences for the log: names that look mistyped, values that were not used. */
  warnings: string[];
  /** Keys whose value was given and is not the default's doing. */
  given: ReadonlySet<ConfigKey>;
}

// biome-ignore lint/suspicious/noExplicitAny: a table of variables mixes value types; each is used with its own only
type AnyVariable = Variable<any>;

/**
 * Reads the configuration from the environment.
 *
 * @param env the real environment; it comes first.
 * @param dotenv the variables of a `.env` file (in Node, of `util.parseEnv`), used where `env` has none.
 * @throws SttError `invalid_config` that lists every variable whose value is not allowed, one per line.
 */
export function loadConfig(env: Environment, dotenv: Environment = {}): LoadedConfig {
  const { values, given, warnings } = readVariables(VARIABLES, env, dotenv);
  const config = values as unknown as Config;
  if (!config.sileroUseOnnx)
    warnings.push("SILERO_USE_ONNX=false has no effect: Silero always runs through ONNX Runtime.");
  return { config, warnings, given: given as ReadonlySet<ConfigKey> };
}

/**
 * Makes a configuration in code: defaults, with some values replaced.
 *
 * @throws SttError `invalid_config` that lists every value that is not allowed.
 * @example const config = createConfig({ whisperModel: "micro", controlPort: 0, dataPort: 0 });
 */
export function createConfig(overrides: Partial<Config> = {}): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [key, variable] of Object.entries<AnyVariable>(VARIABLES)) {
    const value = (overrides as Record<string, unknown>)[key] ?? variable.default;
    const result = variable.type.schema.safeParse(value);
    if (!result.success) {
      const unit = variable.type.unit === "s" ? " (here in milliseconds)" : "";
      problems.push(problem(`${key} (${variable.env})`, show(value, variable), variable, unit));
    }
    values[key] = result.data;
  }
  for (const key of Object.keys(overrides)) {
    if (!(key in VARIABLES)) problems.push(`${key} is not an option.`);
  }
  refuse(problems, "option");
  return values as Config;
}

/** A value in quotes, which may go over several lines. */
const QUOTED = /=[ \t]*(["'`])[\s\S]*?\1/g;
const ENTRY = /^\s*(?:#.*|(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=.*)?$/;
const NEXT_NAME = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/;

/**
 * Refuses the text of a `.env` file that has a line which is not `NAME=value`. Node's parser takes such lines in a way that depends on
 * its version: the older ones lose the next line with it, the newer ones say nothing. The line is not shown: it may be a secret.
 *
 * @throws SttError `invalid_config`
 */
export function checkDotenv(text: string): void {
  const lines = text.replace(QUOTED, "=").split(/\r?\n/);
  const wrong = lines.findIndex((line) => !ENTRY.test(line));
  if (wrong < 0) return;
  const next = lines.slice(wrong + 1).find((line) => NEXT_NAME.test(line));
  const place = next === undefined ? "" : `, before ${NEXT_NAME.exec(next)![1]}`;
  throw new SttError(
    "invalid_config",
    `The .env file has a line that is not NAME=value${place}: correct it, or begin it with #.`,
  );
}

/**
 * The general part of {@link loadConfig}, over any table of variables.
 *
 * @internal
 */
export function readVariables(
  variables: Readonly<Record<string, AnyVariable>>,
  env: Environment,
  dotenv: Environment = {},
): { values: Record<string, unknown>; given: Set<string>; warnings: string[] } {
  const problems: string[] = [];
  const warnings: string[] = [];
  const values: Record<string, unknown> = {};
  const given = new Set<string>();
  for (const [key, variable] of Object.entries(variables)) {
    const text = firstGiven(variable.env, env, dotenv, warnings);
    if (text === undefined) {
      values[key] = variable.default;
      continue;
    }
    const result = read(variable.type, text);
    if (!result.ok) problems.push(problem(variable.env, show(text, variable), variable));
    values[key] = result.value;
    given.add(key);
  }
  refuse(problems, "variable");
  const known = Object.values(variables).map((variable) => variable.env);
  for (const { name, meant } of findTypos([...Object.keys(env), ...Object.keys(dotenv)], known)) {
    warnings.push(`${name} is not a variable of this program; did you mean ${meant}?`);
  }
  return { values, given, warnings };
}

function firstGiven(name: string, env: Environment, dotenv: Environment, warnings: string[]): string | undefined {
  for (const source of [env, dotenv]) {
    const text = source[name]?.trim();
    if (!text) continue;
    // No desktop writes into a .env file.
    const locale = source === env ? env.LC_ALL || env.LANG : undefined;
    if (name === "LANGUAGE" && isDesktopLocale(text, locale)) {
      warnings.push(`LANGUAGE=${quote(text)} is the desktop's locale, not a language of speech: it is not used.`);
      continue;
    }
    return text;
  }
  return undefined;
}

function read(type: ValueType<unknown>, text: string): { ok: boolean; value: unknown } {
  const result = type.schema.safeParse(type.parse(text));
  return { ok: result.success, value: result.data };
}

function problem(name: string, shown: string, variable: AnyVariable, note = ""): string {
  return `${name} is ${shown}; allowed is ${variable.type.allowed.en}${note}.`;
}

function show(value: unknown, variable: AnyVariable): string {
  return variable.secret ? "set to a value that is not shown" : quote(value);
}

function quote(value: unknown): string {
  const text = asJson(value) ?? excerptOf(value);
  return text.length > 80 ? `${text.slice(0, 77)}..."` : text;
}

/** Undefined for what JSON cannot say: a BigInt, an object that holds itself. */
function asJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function refuse(problems: string[], what: string): void {
  if (problems.length === 0) return;
  if (problems.length === 1) throw new SttError("invalid_config", problems[0]!);
  const head = `${problems.length} ${what}s have values that are not allowed:`;
  throw new SttError("invalid_config", [head, ...problems.map((line) => `  ${line}`)].join("\n"));
}
