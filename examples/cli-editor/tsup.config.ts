import { defineConfig } from "tsup";
import { base } from "../../tsup.base.js";

export default defineConfig({ ...base, dts: false, entry: { "stt-editor": "src/bin/stt-editor.ts" }, format: ["esm"] });
