import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createWhisperEngine } from "../../src/engines/whisper/create-whisper-engine.js";
import { checkModelFile } from "../../src/models/model-file.js";
import { microModel } from "./support.js";

const directory = mkdtempSync(path.join(os.tmpdir(), "stt-models-"));
afterAll(() => rmSync(directory, { recursive: true }));

const original = readFileSync(microModel);
const file = (name: string) => path.join(directory, name);

function withContent(name: string, content: string | Buffer): string {
  writeFileSync(file(name), content);
  return file(name);
}

function truncatedTo(bytes: number): string {
  const copy = file(`truncated-${bytes}.bin`);
  copyFileSync(microModel, copy);
  truncateSync(copy, bytes);
  return copy;
}

function patched(name: string, offset: number, value: number): string {
  const bytes = Buffer.from(original);
  bytes.writeInt32LE(value, offset);
  return withContent(name, bytes);
}

describe("checkModelFile", () => {
  it("reads the header of a good model", async () => {
    await expect(checkModelFile(microModel)).resolves.toMatchObject({
      vocabularySize: 51_865,
      multilingual: true,
      audioContext: 1500,
      audioLayers: 4,
      textLayers: 3,
      melBands: 80,
      ftype: 7,
      sizeBytes: original.length,
    });
  });

  it("names a missing file", async () => {
    await expect(checkModelFile(file("none.bin"))).rejects.toMatchObject({
      code: "model_not_found",
      message: expect.stringContaining(file("none.bin")),
    });
  });

  it("refuses a directory", async () => {
    await expect(checkModelFile(directory)).rejects.toMatchObject({ code: "model_not_found" });
  });

  it.each([0, 3, 40, 100, 5_000, 100_000, original.length >> 1, original.length - 1])(
    "finds that a file of %i bytes is truncated or no model",
    async (bytes) => {
      await expect(checkModelFile(truncatedTo(bytes))).rejects.toMatchObject({ code: "bad_model" });
    },
  );

  it("says how long a truncated file should be", async () => {
    await expect(checkModelFile(truncatedTo(original.length - 1))).rejects.toThrow(
      `it has ${original.length - 1} bytes and should have at least ${original.length}`,
    );
  });

  it("finds surplus bytes", async () => {
    const longer = withContent("longer.bin", Buffer.concat([original, Buffer.alloc(7)]));
    await expect(checkModelFile(longer)).rejects.toThrow("7 bytes after its last tensor");
  });

  it.each([
    ["html", "<!DOCTYPE html><title>404</title>", "web page"],
    ["gguf", "GGUF\u0003\0\0\0", "GGUF"],
    ["lfs", "version https://git-lfs.github.com/spec/v1\n", "Git LFS"],
    ["zip", "PK\u0003\u0004", "ZIP"],
    ["noise", "\u0001\u0002\u0003\u0004 whatever", "not a ggml model"],
  ])("recognises %s", async (name, content, said) => {
    await expect(checkModelFile(withContent(name, content))).rejects.toMatchObject({
      code: "bad_model",
      message: expect.stringContaining(said),
    });
  });

  it.each([
    ["n_vocab", 4, -1],
    ["n_audio_ctx", 8, 2_000_000_000],
    ["n_audio_layer", 20, 0],
    ["n_mels", 40, 100_000],
  ])("refuses an impossible %s", async (name, offset, value) => {
    await expect(checkModelFile(patched(`${name}.bin`, offset, value))).rejects.toMatchObject({
      code: "bad_model",
      message: expect.stringContaining(name),
    });
  });

  it("refuses more layers than the file has tensors", async () => {
    await expect(checkModelFile(patched("layers.bin", 20, 6))).rejects.toMatchObject({ code: "bad_model" });
  });
});

describe.each(["process", "in-process"] as const)("a bad model with isolation %s", (isolation) => {
  const open = (modelPath: string) => createWhisperEngine({ modelPath, modelName: "bad", device: "cpu", isolation });

  it("is told before anything is loaded", async () => {
    await expect(open(file("none.bin"))).rejects.toMatchObject({ code: "model_not_found" });
    await expect(open(truncatedTo(1_000_000))).rejects.toMatchObject({ code: "bad_model" });
  });
});
