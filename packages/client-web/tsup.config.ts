import { copyFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { defineConfig } from "tsup";
import { base } from "../../tsup.base.js";
import { rawText } from "./scripts/raw-text-plugin.mjs";

const vadWeb = path.dirname(createRequire(import.meta.url).resolve("@ricky0123/vad-web"));

export default defineConfig({
  ...base,
  entry: { index: "src/index.ts", vad: "src/vad/index.ts" },
  format: ["esm", "cjs"],
  esbuildPlugins: [rawText()],
  onSuccess: async () => {
    // For pages that may not run inlined scripts: see `workletUrl`.
    await copyFile("src/worklet/capture.worklet.js", "dist/capture.worklet.js");
    // The model for those who detect speech in the page; nobody else downloads it.
    await copyFile(path.join(vadWeb, "silero_vad_v6.onnx"), "dist/silero_vad_v6.onnx");
    await copyFile("silero_vad_v6.LICENSE.txt", "dist/silero_vad_v6.LICENSE.txt");
  },
});
