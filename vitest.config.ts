import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const src = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));

/** Tests run against the sources; only the inference worker, a separate process, comes from `dist`. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^@stt\/core\/callers$/, replacement: src("core/src/callers/index.ts") },
      { find: /^@stt\/core\/config$/, replacement: src("core/src/config/index.ts") },
      { find: /^@stt\/core\/document$/, replacement: src("core/src/document/index.ts") },
      { find: /^@stt\/core\/testing$/, replacement: src("core/src/testing/index.ts") },
      { find: /^@stt\/client-node\/cli$/, replacement: src("client-node/src/cli/index.ts") },
      {
        find: /^@stt\/(core|server|client-node|client-web|react|speech-recognition|ui)$/,
        replacement: src("$1/src/index.ts"),
      },
    ],
  },
  test: {
    include: [
      "packages/*/test/**/*.test.{ts,tsx}",
      "examples/*/test/**/*.test.{ts,tsx}",
      "scripts/test/**/*.test.ts",
      "bench/test/**/*.test.mjs",
      "chaos/test/**/*.test.mjs",
    ],
    testTimeout: 20_000,
    // Two cores carry the real model: more files at once would only make each other slow.
    maxWorkers: 2,
    reporters: ["default", "./scripts/summary-reporter.ts"],
  },
});
