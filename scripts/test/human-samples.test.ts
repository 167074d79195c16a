import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { decodeWav } from "@stt/core";
import { describe, expect, it } from "vitest";

const folder = path.join(import.meta.dirname, "../../samples/human");
const transcripts: Record<string, { language: string; text: string; source: string; licence: string }> = JSON.parse(
  readFileSync(path.join(folder, "transcripts.json"), "utf8"),
);
const recordings = readdirSync(folder).filter((name) => name.endsWith(".wav"));

describe("the recordings of people", () => {
  it("each have words, a source and a licence", () => {
    expect(Object.keys(transcripts).sort()).toEqual(recordings.sort());
    for (const [name, { language, text, source, licence }] of Object.entries(transcripts)) {
      expect(name.startsWith(`${language}_`), name).toBe(true);
      expect(text.trim().length, name).toBeGreaterThan(20);
      expect(source.length, name).toBeGreaterThan(20);
      expect(["public domain", "CC-BY-3.0"], name).toContain(licence);
    }
  });

  it("are 16 kHz, mono, 16-bit, and small enough for every clone", () => {
    const files = recordings.map((name) => ({ name, bytes: readFileSync(path.join(folder, name)) }));
    for (const { name, bytes } of files) {
      expect({ name, ...decodeWav(bytes).format }).toEqual({
        name,
        encoding: "pcm_s16le",
        sampleRate: 16_000,
        channels: 1,
      });
    }
    expect(files.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeLessThan(2_500_000);
  });
});
