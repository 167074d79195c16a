import { SttError } from "@stt/core";
import { FALSE_WORDS, TRUE_WORDS } from "@stt/core/config";

/** An option that was taken and changes nothing, or not what was asked: told in the answer. */
export interface OptionWarning {
  parameter: string;
  type: "ignored" | "adjusted";
  message: string;
}

/** Characters of a client's text that an error repeats. */
const MAX_EXCERPT = 60;

/**
 * Reads the options of a URL one by one. What nobody asked for in the end is refused: an option with a slip in its name would
 * otherwise pass silently.
 */
export class QueryReader {
  readonly warnings: OptionWarning[] = [];
  readonly #query: URLSearchParams;
  readonly #read = new Set<string>();

  constructor(query: URLSearchParams) {
    this.#query = query;
  }

  /** The values of an option that may come several times, without empty ones. Python's clients write a list as `name=a&name=b`. */
  list(name: string, limits: { maxItems: number; maxLength: number }): string[] {
    this.#read.add(name);
    const values = this.#query
      .getAll(name)
      .map((value) => value.trim())
      .filter((value) => value !== "");
    if (values.length > limits.maxItems) {
      throw wrong(name, `came ${values.length} times`, `at most ${limits.maxItems} are taken`);
    }
    const long = values.find((value) => value.length > limits.maxLength);
    if (long !== undefined) throw wrong(name, shown(long), `it must have at most ${limits.maxLength} characters`);
    return values;
  }

  text(name: string, maxLength = 200): string | undefined {
    const values = this.list(name, { maxItems: 2, maxLength });
    if (values.length > 1) throw wrong(name, "came twice", "send it once");
    return values[0];
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return undefined;
    if (TRUE_WORDS.includes(value)) return true;
    if (FALSE_WORDS.includes(value)) return false;
    throw wrong(name, shown(value), "it must be true or false");
  }

  number(name: string, { min, max, whole = false }: { min: number; max: number; whole?: boolean }): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    const fits = number >= min && number <= max && (!whole || Number.isInteger(number));
    if (!fits) throw wrong(name, shown(value), `it must be a ${whole ? "whole " : ""}number from ${min} to ${max}`);
    return number;
  }

  choice<const T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = choices.find((choice) => choice === value.toLowerCase());
    if (found === undefined) throw wrong(name, shown(value), `this server takes ${choices.join(", ")}`);
    return found;
  }

  /** Refuses options of this name unless they are switched off. @param why the end of the sentence "... is not served here: ..." */
  refuse(names: readonly string[], why: string): void {
    for (const name of names) {
      this.#read.add(name);
      const asked = this.#query
        .getAll(name)
        .find((value) => value !== "" && !FALSE_WORDS.includes(value.toLowerCase()));
      if (asked !== undefined) throw wrong(name, shown(asked), `it is not served here: ${why}`);
    }
  }

  /** Takes options of these names, and tells that they change nothing. */
  ignore(names: readonly string[], why: string): void {
    for (const name of names) {
      this.#read.add(name);
      if (this.#query.has(name)) this.warn({ parameter: name, type: "ignored", message: why });
    }
  }

  warn(warning: OptionWarning): void {
    this.warnings.push(warning);
  }

  /** @throws SttError `invalid_argument` for an option that nothing has read. */
  finish(): void {
    const unknown = [...this.#query.keys()].find((name) => !this.#read.has(name));
    if (unknown === undefined) return;
    throw new SttError(
      "invalid_argument",
      `There is no option ${shown(unknown)} here; see docs/deepgram.md for those that are.`,
    );
  }
}

export function wrong(name: string, value: string, allowed: string): SttError {
  return new SttError("invalid_argument", `${name} is ${value}; ${allowed}.`);
}

export function shown(value: string): string {
  return JSON.stringify(value.length > MAX_EXCERPT ? `${value.slice(0, MAX_EXCERPT)}...` : value);
}
