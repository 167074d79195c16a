/** `npm run fuzz -- WIRE... [--runs N] [--seed N]`: malformed input on one of the wires, beside a session that must not notice. */
import { parseArgs } from "node:util";
import { buildPackages } from "./lib.mjs";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: "string" }, seed: { type: "string" }, help: { type: "boolean", short: "h" } },
});
const failed = await buildPackages();
if (failed) process.exit(failed);
const { NAMES, run } = await import("../chaos/fuzz.mjs");
const { table } = await import("../chaos/lib/report.mjs");
const runs = Number(values.runs ?? 1000);
const unknown = positionals.find((name) => !NAMES.includes(name));
if (values.help || positionals.length === 0 || unknown || !(runs >= 1)) {
  const problem = unknown ? `There is no wire "${unknown}".\n\n` : "";
  process.stderr.write(
    `${problem}Usage: npm run fuzz -- WIRE... [--runs N] [--seed N]\n\nWires: ${NAMES.join(", ")}\n`,
  );
  process.exit(values.help ? 0 : 2);
}
const rows = await run({ short: false, runs, wires: positionals, ...(values.seed && { seed: Number(values.seed) }) });
process.stdout.write(`${table(rows)}\n`);
for (const { fault, failures } of rows) for (const each of failures) process.stderr.write(`FAILED ${fault}: ${each}\n`);
process.exit(rows.some(({ failures }) => failures.length > 0) ? 1 : 0);
