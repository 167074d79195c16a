import { describe, expect, it } from "vitest";
import { createConfig, loadConfig, VARIABLES } from "../../src/config/index.js";
import {
  type Replacement,
  readReplacements,
  readReplacementsCsv,
  writeReplacements,
  writeReplacementsCsv,
} from "../../src/index.js";

const LIST: Replacement[] = [
  { find: "my address", replace: "12 High Street\nLondon\nUK" },
  { find: "(\\w+) dot com", replace: "$1.com", pattern: true },
  { find: "мой адрес", replace: 'ул. Ленина, 5; "дом"' },
  { find: "a backslash", replace: "C:\\new" },
  { find: "nothing", replace: "" },
];

describe("replacements as text", () => {
  it("are read as they are written", () => {
    expect(readReplacements(writeReplacements(LIST))).toEqual({ replacements: LIST, problems: [] });
    expect(readReplacementsCsv(writeReplacementsCsv(LIST))).toEqual({ replacements: LIST, problems: [] });
  });

  it("leave comments and empty lines out, and name the lines that are none", () => {
    expect(readReplacements("# mine\n\ngonna = going to\nno sign here\n= nothing")).toEqual({
      replacements: [{ find: "gonna", replace: "going to" }],
      problems: [
        { line: 4, text: "no sign here" },
        { line: 5, text: "= nothing" },
      ],
    });
  });

  it("are read from the tables of other programs", () => {
    const csv = '\uFEFFFind;Replace\r\ngonna;"going to"\r\nmy address;"12 High Street\nLondon"\r\nalone\r\n';
    expect(readReplacementsCsv(csv)).toEqual({
      replacements: [
        { find: "gonna", replace: "going to" },
        { find: "my address", replace: "12 High Street\nLondon" },
      ],
      problems: [{ line: 5, text: "alone" }],
    });
  });

  it("come from the environment in one line", () => {
    const { type } = VARIABLES.replacements;
    const { config } = loadConfig({ REPLACEMENTS: type.format(LIST), REDACT: "card, email" });
    expect(config.replacements).toEqual(LIST);
    expect(config.redact).toEqual(["card", "email"]);
    expect(createConfig().replacements).toEqual([]);
    expect(() => loadConfig({ REPLACEMENTS: "nonsense" })).toThrow(/REPLACEMENTS/);
    expect(() => loadConfig({ REDACT: "names" })).toThrow(/REDACT/);
  });
});
