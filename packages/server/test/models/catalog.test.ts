import { readFileSync } from "node:fs";
import path from "node:path";
import { isModelName, WHISPER_MODELS } from "@stt/core/config";
import { describe, expect, it } from "vitest";
import { whisperSource } from "../../scripts/native-cache.mjs";
import { CATALOG, catalogEntry, modelFileName, sourceOf } from "../../src/models/catalog.js";

const folder = path.join(whisperSource(), "models");
const readme = readFileSync(path.join(folder, "README.md"), "utf8");
const script = readFileSync(path.join(folder, "download-ggml-model.sh"), "utf8");

describe("the catalogue", () => {
  it("has every row of whisper.cpp's table that our names allow, with its size and checksum", () => {
    const rows = [...readme.matchAll(/^\| (\S+) +\| ([\d.]+) (MiB|GiB) +\| `([0-9a-f]{40})` \|$/gm)];
    expect(rows.length).toBeGreaterThan(10);
    const table = rows
      .filter(([, name]) => isModelName(name!))
      .map(([, name, size, unit, sha1]) => ({
        name,
        approximateBytes: Number(size) * (unit === "GiB" ? 2 ** 30 : 2 ** 20),
        sha1,
      }));
    expect(CATALOG.filter((entry) => entry.sha1 !== undefined)).toEqual(table);
  });

  it("has every other model that whisper.cpp's own script fetches, and states no checksum of its own for it", () => {
    const listed = /^models="([^"]+)"/m.exec(script)![1]!.split("\n");
    const pinned = new Set(CATALOG.filter(({ sha1 }) => sha1).map(({ name }) => name));
    const others = listed.filter((name) => isModelName(name) && !pinned.has(name));
    expect(CATALOG.filter(({ sha1 }) => !sha1).map(({ name }) => name)).toEqual(others);
  });

  it("knows every plain model name", () => {
    for (const name of WHISPER_MODELS) expect(catalogEntry(name)?.sha1, name).toMatch(/^[0-9a-f]{40}$/);
  });

  it("takes large for large-v3 and turbo for large-v3-turbo, quantised too", () => {
    expect(catalogEntry("large")?.name).toBe("large-v3");
    expect(modelFileName("turbo")).toBe("ggml-large-v3-turbo.bin");
    expect(modelFileName("large-q5_0")).toBe("ggml-large-v3-q5_0.bin");
  });

  it("refuses a quantisation that the collection lacks and names those it has", () => {
    expect(() => sourceOf("small-q5_0", false)).toThrow(/of small it has small, small-q5_1, small-q8_0/);
  });

  it.each(["../etc/passwd", "a/b", "..", ".hidden", "", "x".repeat(101)])("never makes a file name of %j", (name) => {
    expect(() => sourceOf(name, true)).toThrow(/not in whisper.cpp's collection/);
  });
});
