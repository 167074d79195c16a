/** What a field must be, in words, and the test for it: for messages of servers and for arguments of callers, without zod. */

export interface Field<T> {
  /** Completes "it must be". */
  readonly expected: string;
  readonly optional?: true;
  is(value: unknown): value is T;
  /** Of a list that is wrong: its entry that is. */
  wrongEntry?(value: readonly unknown[]): unknown;
}

/** A field for each key of an object. */
export type Shape<M> = { readonly [K in keyof M]-?: Field<Exclude<M[K], undefined>> };

export const text: Field<string> = { expected: "a string", is: (value) => typeof value === "string" };
export const flag: Field<boolean> = { expected: "true or false", is: (value) => typeof value === "boolean" };
export const number: Field<number> = {
  expected: "a number",
  is: (value): value is number => typeof value === "number" && Number.isFinite(value),
};
export const ms: Field<number> = {
  expected: "a number of at least 0",
  is: (value): value is number => number.is(value) && value >= 0,
};
export const count: Field<number> = {
  expected: "a whole number of at least 0",
  is: (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0,
};

/** A number from `min` to `max`, both included. */
export const within = (min: number, max: number): Field<number> => ({
  expected: `a number from ${min} to ${max}`,
  is: (value): value is number => typeof value === "number" && value >= min && value <= max,
});

export const oneOf = <T extends string | number | boolean>(...values: T[]): Field<T> => ({
  expected: values.map((value) => JSON.stringify(value)).join(" or "),
  is: (value): value is T => values.includes(value as T),
});

export const textUpTo = (maxLength: number): Field<string> => ({
  expected: `a string of at most ${maxLength} characters`,
  is: (value): value is string => typeof value === "string" && value.length <= maxLength,
});

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function conforms(value: unknown, shape: Readonly<Record<string, Field<unknown>>>): boolean {
  return isObject(value) && Object.entries(shape).every(([key, field]) => conformsTo(field, value[key]));
}

/** Whether a value may stand where the field is; what is optional may be `undefined`. */
export function conformsTo(field: Field<unknown>, value: unknown): boolean {
  return (value === undefined && field.optional === true) || field.is(value);
}

/** A value as a sentence can show it: short, and never the whole of a recording. */
export function excerptOf(value: unknown): string {
  if (typeof value === "string") return excerpt(JSON.stringify(value));
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) {
    const { name } = (value as { constructor?: { name?: unknown } }).constructor ?? {};
    if (typeof name === "string" && name !== "" && name !== "Object") return `of type ${name}`;
    return Array.isArray(value) ? "a list" : "an object";
  }
  return String(value);
}

export function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}
