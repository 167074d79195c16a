import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSttError, type SttError, VAD_FRAME_SAMPLES } from "@stt/core";
import { afterAll, describe, expect, it, vi } from "vitest";
import { SileroVad } from "../../src/vad/silero-vad.js";

/** Stands in for the assets: by name, the file to use instead. */
const replaced = vi.hoisted(() => new Map<string, string>());
vi.mock("../../src/vad/assets.js", async (original) => {
  const { assetPath } = await original<typeof import("../../src/vad/assets.js")>();
  return { assetPath: (name: string) => replaced.get(name) ?? assetPath(name) };
});

const directory = mkdtempSync(join(tmpdir(), "stt-vad-"));
afterAll(() => rmSync(directory, { recursive: true }));

async function withAsset<T>(name: string, content: string, use: () => Promise<T>): Promise<T> {
  const path = join(directory, name);
  writeFileSync(path, content);
  replaced.set(name, path);
  try {
    return await use();
  } finally {
    replaced.delete(name);
  }
}

/** A worker that loads, and does `onBatch` instead of judging. */
const workerThat = (onBatch: string) => `
  import { parentPort } from "node:worker_threads";
  parentPort.on("message", (message) => { ${onBatch} });
  parentPort.postMessage(0);
`;

describe("when Silero fails", () => {
  it("rejects with bad_model for a file that is no model", async () => {
    const error = await withAsset("silero_vad_v6.onnx", "no model", () => SileroVad.create()).catch((caught) => caught);
    expect(isSttError(error) && error.code).toBe("bad_model");
  });

  for (const [how, onBatch] of [
    ["reports an error", `parentPort.postMessage("out of memory")`],
    ["throws", `throw new Error("out of memory")`],
    ["ends", "process.exit(0)"],
  ] as const) {
    it(`tells every open stream, once, if the thread ${how}`, async () => {
      const vad = await withAsset("silero-worker.mjs", workerThat(onBatch), () => SileroVad.create());
      const errors: SttError[] = [];
      await new Promise<void>((resolve) => {
        const onError = (error: SttError) => errors.push(error) === 3 && resolve();
        const streams = Array.from({ length: 3 }, () => vad.createStream({ onProbability() {}, onError }));
        streams[0]!.push(new Float32Array(VAD_FRAME_SAMPLES));
      });
      expect(errors.map((error) => error.code)).toEqual(["internal", "internal", "internal"]);
      expect(vad.backlog).toBe(0);
      expect(() => vad.createStream({ onProbability() {}, onError() {} })).toThrow(/failed/);
      await vad.close();
      expect(errors).toHaveLength(3);
    });
  }
});
