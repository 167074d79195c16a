import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { assetPath } from "../../src/vad/assets.js";

describe("assets", () => {
  it("include the Silero model that the README names", () => {
    const digest = createHash("sha256")
      .update(readFileSync(assetPath("silero_vad_v6.onnx")))
      .digest("hex");
    expect(readFileSync(assetPath("README.md"), "utf8")).toContain(digest);
  });

  it("say what is missing", () => {
    expect(() => assetPath("nothing.bin")).toThrow(/"nothing.bin" is missing/);
  });
});
