import type { Context } from "hono";

const HEADER = "X-Ignored-Options";
const MAX_NAMES = 20;
const MAX_NAME_CHARACTERS = 60;

/** Tells a client which of its options had no effect, in a header that clients of other servers do not stumble over. */
export function tellIgnored(c: Context, names: readonly string[]): void {
  if (names.length === 0) return;
  const shown = names.slice(0, MAX_NAMES).map((name) => encodeURIComponent(name.slice(0, MAX_NAME_CHARACTERS)));
  c.header(HEADER, [...shown, ...(names.length > MAX_NAMES ? ["..."] : [])].join(", "));
}
