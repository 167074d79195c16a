import { SttError, type SttErrorCode } from "@stt/core";
import type { z } from "zod";

/** A request with a wrong field, named by `param`. */
export class FieldError extends SttError {
  readonly param: string;

  constructor(param: string, message: string, code: SttErrorCode = "invalid_argument", cause?: unknown) {
    super(code, message, cause === undefined ? {} : { cause });
    this.param = param;
  }
}

/**
 * What a schema found first, in a sentence that names the field and its value.
 *
 * @param input what was checked
 * @param known names of the fields there are, for a caller who misspelt one
 */
export function fieldErrorOf({ issues }: z.core.$ZodError, input: unknown, known: readonly string[] = []): FieldError {
  const { path, message, ...issue } = issues[0]!;
  if (issue.code === "unrecognized_keys") {
    const name = [...path, issue.keys[0]].join(".");
    const there = known.length > 0 ? `; there are ${known.join(", ")}` : "";
    return new FieldError(name, `The field ${name} is not known here${there}.`);
  }
  const name = path.join(".");
  const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], input);
  // The list is named, not the place in it.
  const field = String(path[0] ?? "");
  const what = name === "" ? "The body" : name;
  if (value === undefined) return new FieldError(field, `${what} is missing: ${message}.`);
  return new FieldError(field, `${what} is ${quoted(value)}: ${message}.`);
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}
