import { truncateSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createConfig } from "@stt/core/config";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { lanesFor } from "../../src/engines/lanes.js";
import { inferenceCores } from "../../src/machine/inference-cores.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "stt-lanes-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** A file of a size, without its bytes. */
function modelOf(bytes: number): string {
  const file = path.join(directory, `ggml-${bytes}.bin`);
  writeFileSync(file, "");
  truncateSync(file, bytes);
  return file;
}

describe("the lanes of a CPU", () => {
  it("are one a core for a model of the size of tiny or less", async () => {
    expect(await lanesFor(createConfig({ device: "cpu" }), modelOf(78_000_000))).toBe(inferenceCores());
  });

  it("are one with all cores for a larger model", async () => {
    expect(await lanesFor(createConfig({ device: "cpu" }), modelOf(148_000_000))).toBe(1);
  });

  it("are what the operator says", async () => {
    expect(await lanesFor(createConfig({ device: "cpu", inferenceLanes: 5 }), modelOf(1))).toBe(5);
  });
});
