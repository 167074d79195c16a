import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { insertTables, outdatedFiles, renderTables } from "../../../../scripts/generate-docs.mjs";
import * as schema from "../../src/config/index.js";
import { CloseCode } from "../../src/protocol/close-codes.js";
import { clientMessageSchema, serverMessageSchema } from "../../src/protocol/messages.js";

const read = (path: string) => readFile(new URL(`../../../../${path}`, import.meta.url), "utf8");

describe("what is written from the schema", () => {
  it("is current (else run: node scripts/generate-docs.mjs)", async () => {
    expect((await outdatedFiles(schema)).map(({ path }: { path: string }) => path)).toEqual([]);
  });

  it("would be noticed when it is not", async () => {
    const { beamSize, ...others } = schema.VARIABLES;
    const changed = { ...schema, VARIABLES: { ...others, beamSize: { ...beamSize, default: 11 } } };
    expect(await outdatedFiles(changed)).toHaveLength(3);
  });

  it("names every variable once in each place", async () => {
    const [example, en, ru] = await Promise.all(
      [".env.example", "docs/configuration.md", "docs/configuration.ru.md"].map(read),
    );
    for (const { env } of Object.values(schema.VARIABLES)) {
      expect(
        example!.split("\n").filter((line) => line.startsWith(`#${env}=`)),
        env,
      ).toHaveLength(1);
      for (const page of [en, ru])
        expect(
          page!.split("\n").filter((line) => line.startsWith(`| \`${env}\` `)),
          env,
        ).toHaveLength(1);
    }
  });

  it(".env.example changes nothing, whole or with every line uncommented", async () => {
    const example = await read(".env.example");
    expect(parseEnv(example)).toEqual({});
    const uncommented = parseEnv(example.replace(/^#(?=[A-Z_]+=)/gm, ""));
    expect(Object.keys(uncommented)).toHaveLength(Object.keys(schema.VARIABLES).length);
    expect(schema.loadConfig({}, uncommented)).toMatchObject({ config: schema.createConfig(), warnings: [] });
  });

  it("replaces only what is between the markers", () => {
    const page = "a\n<!-- variables: written by scripts/generate-docs.mjs -->\nold\n<!-- /variables -->\nb\n";
    const result = insertTables(page, renderTables(schema, "en"));
    expect(result).toMatch(/^a\n/);
    expect(result).toMatch(/\nb\n$/);
    expect(result).not.toContain("old");
    expect(insertTables(result, renderTables(schema, "en"))).toBe(result);
  });
});

describe("docs/protocol.md", () => {
  it("names every message and every close code", async () => {
    const page = await read("docs/protocol.md");
    const types = [clientMessageSchema, serverMessageSchema].flatMap((union) =>
      union.def.options.map((option) => option.def.shape.type.def.values[0]!),
    );
    expect(types.length).toBeGreaterThan(15);
    for (const type of types) expect(page, type).toMatch(new RegExp(`["\`]${type}["\`]`));
    for (const code of Object.values(CloseCode)) expect(page, String(code)).toMatch(new RegExp(`^\\| ${code} `, "m"));
  });
});
