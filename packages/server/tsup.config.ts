import { defineConfig } from "tsup";
import { base } from "../../tsup.base.js";

export default defineConfig({
  ...base,
  entry: {
    index: "src/index.ts",
    "bin/stt-server": "src/bin/stt-server.ts",
    "engines/whisper/worker": "src/engines/whisper/worker.ts",
    "audio-decoders/decode-worker": "src/audio-decoders/decode-worker.ts",
  },
  format: ["esm"],
});
