import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { thisMachine } from "../../src/models/choose-model.js";
import { modelFolder } from "./support.js";

const GPU = { name: "NVIDIA L4", freeMiB: 20_000 } as Parameters<typeof thisMachine>[1][number];

/** The device for `DEVICE=auto` of a machine with a GPU and an engine of these files in a directory of this name. */
function deviceWith(directoryName: string, files: string[]): string {
  const directory = path.join(modelFolder(), directoryName);
  mkdirSync(directory);
  for (const file of files) writeFileSync(path.join(directory, file), "");
  return thisMachine({ device: "auto" }, [GPU], { STT_NATIVE_ADDON: path.join(directory, "stt_whisper.node") }).device;
}

describe("models are chosen for the GPU", () => {
  it("where the container's engine, whose directory has no telling name, has CUDA beside it", () => {
    expect(deviceWith("native", ["stt_whisper.node", "libggml-cuda.so"])).toBe("cuda");
  });

  it("where the engine was built for this machine with CUDA", () => {
    expect(deviceWith("whisper-1.9.1-linux-x64-cuda-0123456789ab", ["stt_whisper.node"])).toBe("cuda");
  });

  it("nowhere else", () => {
    expect(deviceWith("native", ["stt_whisper.node", "libggml-cpu-haswell.so"])).toBe("cpu");
    expect(deviceWith("native", [])).toBe("cpu");
  });
});
