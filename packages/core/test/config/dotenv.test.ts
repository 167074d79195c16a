import { describe, expect, it } from "vitest";
import { parseDotenv } from "../../src/config/index.js";

describe("parseDotenv", () => {
  it.each([
    ["plain values", "A=1\nB = two words \n", { A: "1", B: "two words" }],
    ["Windows line ends and a byte order mark", "\uFEFFA=1\r\nB=2\r\n", { A: "1", B: "2" }],
    ["comments and blank lines", "# one\n\n  # two\nA=1 # three\nB=a#b\nC=# nothing\n", { A: "1", B: "a#b", C: "" }],
    ["export", "export A=1\n", { A: "1" }],
    ["empty values", "A=\nB=''\nC=\"\"\n", { A: "", B: "", C: "" }],
    ["literal single quotes", String.raw`A='a # b \n "c"' # comment`, { A: String.raw`a # b \n "c"` }],
    ["escapes in double quotes", String.raw`A="a\tb\n\"c\" \\ \x"`, { A: 'a\tb\n"c" \\ \\x' }],
    [
      "values over several lines",
      "A=\"first\n# not a comment\nlast\"\nB='x\ny'\n",
      { A: "first\n# not a comment\nlast", B: "x\ny" },
    ],
    ["equals signs in values", "A=b=c\n", { A: "b=c" }],
    ["the last of two", "A=1\nA=2\n", { A: "2" }],
    ["Cyrillic", 'A="Привет, мир"', { A: "Привет, мир" }],
  ])("reads %s", (_, text, expected) => {
    expect(parseDotenv(text)).toEqual(expected);
  });

  it.each([
    ["a line without =", "A=1\nSECRET hunter2\n", "Line 2"],
    ["a name that is none", "1A=2", "Line 1"],
    ["an open quote, by the line where it opens", 'A=1\nB="x\ny\nz', "Line 2"],
    ["text after a quote", "A='x' hunter2", "Line 1"],
  ])("refuses %s", (_, text, where) => {
    expect(() => parseDotenv(text)).toThrow(where);
    expect(() => parseDotenv(text)).not.toThrow("hunter2");
  });
});
