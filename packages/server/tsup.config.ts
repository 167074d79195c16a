import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { defineConfig } from "tsup";
import { base } from "../../tsup.base.js";

export default defineConfig({
  ...base,
  entry: {
    index: "src/index.ts",
    "bin/stt-server": "src/bin/stt-server.ts",
    "engines/whisper/worker": "src/engines/whisper/worker.ts",
    "audio-decoders/decode-worker": "src/audio-decoders/decode-worker.ts",
    "turn/turn-worker": "src/turn/turn-worker.ts",
    // Not exported: for `npm run fuzz -- files`.
    "audio-decoders/open-audio-file": "src/audio-decoders/open-audio-file.ts",
  },
  format: ["esm"],
  onSuccess: async () => {
    // Built before this package, see turbo.json. Without them the server answers /editor and / with how to get them.
    for (const [name, built] of Object.entries({
      editor: "../../examples/web-editor/dist",
      console: "../console/dist",
    })) {
      if (existsSync(built)) await cp(built, `dist/web/${name}`, { recursive: true });
    }
  },
});
