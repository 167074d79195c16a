/**
 * The end of a `switch` over a union: does not compile while a case is missing.
 *
 * @throws Error for a value that came from outside the types.
 */
export function assertNever(value: never): never {
  throw new Error(`A case is missing for ${JSON.stringify(value)}.`);
}
