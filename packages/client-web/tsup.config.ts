import { copyFile } from "node:fs/promises";
import { defineConfig } from "tsup";
import { base } from "../../tsup.base.js";
import { rawText } from "./scripts/raw-text-plugin.mjs";

export default defineConfig({
  ...base,
  entry: { index: "src/index.ts" },
  format: ["esm", "cjs"],
  esbuildPlugins: [rawText()],
  // For pages that may not run inlined scripts: see `workletUrl`.
  onSuccess: () => copyFile("src/worklet/capture.worklet.js", "dist/capture.worklet.js"),
});
