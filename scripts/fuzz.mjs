/**
 * `npm run fuzz -- WIRE... [--runs N] [--seed N]`: malformed input on one of the wires, beside a session that must not notice; or
 * `files`: spoiled recordings of every container, against what ffmpeg hears.
 */
import { parseArgs } from "node:util";
import { buildPackages } from "./lib.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string" },
    seed: { type: "string" },
    quick: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
const failed = await buildPackages();
if (failed) process.exit(failed);
const { NAMES: WIRES, run } = await import("../chaos/fuzz.mjs");
const files = await import("../chaos/audio-files.mjs");
const { table } = await import("../chaos/lib/report.mjs");
const FILES = "files";
const NAMES = [...WIRES, FILES];
// Quick is about a minute for the files.
const runs = Number(values.runs ?? (values.quick ? 150 : 1000));
const unknown = positionals.find((name) => !NAMES.includes(name));
if (values.help || positionals.length === 0 || unknown || !(runs >= 1)) {
  const problem = unknown ? `There is no wire "${unknown}".\n\n` : "";
  process.stderr.write(
    `${problem}Usage: npm run fuzz -- WIRE... [--runs N] [--seed N] [--quick]\n\nWires: ${WIRES.join(", ")}; and ${FILES}, which needs ffmpeg\n`,
  );
  process.exit(values.help ? 0 : 2);
}
const options = { short: false, runs, ...(values.seed && { seed: Number(values.seed) }) };
const wires = positionals.filter((name) => name !== FILES);
const rows = [
  ...(wires.length > 0 ? await run({ ...options, wires }) : []),
  ...(positionals.includes(FILES) ? await files.run(options) : []),
];
process.stdout.write(`${table(rows)}\n`);
for (const { fault, failures } of rows) for (const each of failures) process.stderr.write(`FAILED ${fault}: ${each}\n`);
process.exit(rows.some(({ failures }) => failures.length > 0) ? 1 : 0);
