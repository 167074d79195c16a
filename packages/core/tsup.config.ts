import { defineConfig } from "tsup";
import { base } from "../../tsup.base.js";

export default defineConfig({
  ...base,
  entry: {
    index: "src/index.ts",
    "callers/index": "src/callers/index.ts",
    "config/index": "src/config/index.ts",
    "document/index": "src/document/index.ts",
    "testing/index": "src/testing/index.ts",
  },
  format: ["esm", "cjs"],
});
