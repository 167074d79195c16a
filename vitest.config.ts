import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const src = (path: string) => fileURLToPath(new URL(`./packages/${path}`, import.meta.url));

/** Hear a microphone or type at a terminal in real time. */
const AT_THE_PACE_OF_SPEECH = [
  "examples/{cli-editor,web-editor}/test/**/*.test.{ts,tsx}",
  "packages/{client-web,console,react,speech-recognition}/test/**/*.test.{ts,tsx}",
];

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
    projects: [
      {
        extends: true,
        test: {
          name: { label: "library", color: "blue" },
          include: [
            "packages/*/test/**/*.test.{ts,tsx}",
            "examples/*/test/**/*.test.{ts,tsx}",
            "scripts/test/**/*.test.ts",
            "bench/test/**/*.test.mjs",
            "chaos/test/**/*.test.mjs",
          ],
          exclude: AT_THE_PACE_OF_SPEECH,
        },
      },
      {
        extends: true,
        test: {
          name: { label: "pace", color: "cyan" },
          include: AT_THE_PACE_OF_SPEECH,
          // While other tests hold the processor, a browser's fake microphone drops words: they get a second hearing.
          retry: 1,
        },
      },
    ],
    testTimeout: 20_000,
    // Two cores carry the real model: more files at once would only make each other slow.
    maxWorkers: 2,
    reporters: ["default", "./scripts/summary-reporter.ts"],
  },
});
