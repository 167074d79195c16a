import { createConfig } from "@stt/core/config";
import { expect, it } from "vitest";
import { defaultSettings, overridesOf, withOverrides } from "../../src/settings/session-settings.js";

const rule = (find: string, replace: string, pattern?: true) => ({ find, replace, ...(pattern && { pattern }) });

const base = defaultSettings(
  createConfig({
    replacements: [
      rule("our firm", "Acme Ltd"),
      rule("My  Address", "Server Street"),
      rule("(\\w+) dot com", "$1.com", true),
    ],
  }),
);
const replacementsWith = (replace?: ReturnType<typeof rule>[]) => withOverrides(base, overridesOf({ replace })).replace;

it("a session's replacements stand before the server's, and of equal ones the session's counts", () => {
  expect(replacementsWith([rule("gonna", "going to"), rule("my address", "12 High Street")])).toEqual([
    rule("gonna", "going to"),
    rule("my address", "12 High Street"),
    rule("our firm", "Acme Ltd"),
    rule("(\\w+) dot com", "$1.com", true),
  ]);
});

it("a pattern takes the place of the same pattern, and not of words that read like it", () => {
  expect(replacementsWith([rule("(\\w+) dot com", "$1", true)]).at(-1)?.find).toBe("My  Address");
  expect(replacementsWith([rule("our firm", "x", true)])).toHaveLength(4);
});

it("a session without any has the server's, as the same list", () => {
  expect(replacementsWith()).toBe(base.replace);
  expect(replacementsWith([])).toBe(base.replace);
});
