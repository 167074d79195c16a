import { defineConfig } from "tsup";
import { base } from "../../tsup.base.js";

export default defineConfig([
  {
    ...base,
    entry: { index: "src/index.ts", cli: "src/cli/index.ts" },
    format: ["esm", "cjs"],
    shims: true,
    // It comes as an ES module only, which `require` cannot load everywhere.
    noExternal: ["get-east-asian-width"],
  },
  {
    ...base,
    clean: false,
    dts: false,
    entry: { "bin/mic-stream": "src/bin/mic-stream.ts", "microphone.worker": "src/microphone.worker.ts" },
    format: ["esm"],
  },
]);
