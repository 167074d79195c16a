/**
 * `npm test`: build, lint, types, tests, in this order; the first failure ends it. Arguments go to vitest. The last line is
 * always `N passed, N failed`.
 */
import { binOf, buildAll, run } from "./lib.mjs";

const node = process.execPath;
const turbo = binOf("turbo", "bin/turbo");
const steps = [
  ["build", () => buildAll()],
  ["lint", () => run(node, [binOf("@biomejs/biome", "bin/biome"), "check", "--error-on-warnings", "."])],
  ["imports", () => run(node, ["scripts/check-imports.mjs"])],
  [
    "types",
    () =>
      run(node, [turbo, "run", "typecheck", "--output-logs=errors-only"], {
        env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
      }),
  ],
  ["packages", () => run(node, ["scripts/check-packages.mjs"])],
  ["size", () => run("npm", ["run", "--silent", "size", "-w", "@stt/client-web"])],
];

const only = process.argv.slice(2);
for (const [name, step] of only.length > 0 ? steps.slice(0, 1) : steps) {
  const code = await step();
  if (code !== 0) {
    process.stdout.write(`\nThe step "${name}" failed; no test was run.\n\n0 passed, 1 failed\n`);
    process.exit(1);
  }
}
process.exitCode = await run(node, [binOf("vitest", "vitest.mjs"), "run", ...only]);
