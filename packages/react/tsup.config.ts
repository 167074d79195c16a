import { defineConfig } from "tsup";
import { base } from "../../tsup.base.js";

export default defineConfig({
  ...base,
  entry: { index: "src/index.ts" },
  format: ["esm", "cjs"],
  // One small file: rollup's pass, which `treeshake` asks for, would drop the banner's directive.
  treeshake: false,
  // Hooks: frameworks with server components must not import them there.
  banner: { js: '"use client";' },
});
