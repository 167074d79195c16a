import { readdirSync, readFileSync } from "node:fs";
import type { SttErrorCode } from "@stt/core";
import { expect, it } from "vitest";
import { statusOf } from "../../src/http/problem.js";

const PROTOCOL = readFileSync(new URL("../../../../docs/protocol.md", import.meta.url), "utf8");
const [, section = ""] = PROTOCOL.split("## Codes of HTTP answers");
const DOCUMENTED = [...section.split("\n## ")[0]!.matchAll(/^\| `(\w+)` +\| (\d+)/gm)].map(
  ([, code, status]) => [code as SttErrorCode, Number(status)] as const,
);

it.each(DOCUMENTED)("%s is answered with %d, as docs/protocol.md says", (code, status) => {
  expect(statusOf(code)).toBe(status);
});

it("no code of a route, or of what reads its files, is missing there", () => {
  const source = new URL("../../src/", import.meta.url);
  const thrown = ["http", "audio-decoders", "jobs", "security", "models", "engines", "decoding"].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, source), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => [
        ...readFileSync(new URL(`${folder}/${name}`, source), "utf8").matchAll(
          /(?:SttError|problem)\([^")]*"([a-z_]+)"/g,
        ),
      ])
      .map(([, code]) => code),
  );
  const documented = new Set<string>(DOCUMENTED.map(([code]) => code));
  expect([...new Set(thrown)].filter((code) => !documented.has(code!))).toEqual([]);
});
