/** `npm run chaos -- NAME... [--short] [--minutes N] [--write]`: breaks things under live sessions and tells what was lost. */
import { parseArgs } from "node:util";
import { buildPackages } from "./lib.mjs";

const NAMES = {
  resume: "connections cut at every moment of an utterance, servers killed",
  rolling: "rolling restart of two servers behind HAProxy",
  supervision: "inference processes killed, stopped, starved",
  cycles: "1,000 clients that connect and vanish: descriptors, memory, slots",
  crowd: "slow readers and senders, a noisy neighbour, one too many, other people's session ids",
  fuzz: "malformed input on every wire (npm run fuzz for one of them)",
};

const usage = `Usage: npm run chaos -- NAME... [--short] [--minutes N] [--write]

${Object.entries(NAMES)
  .map(([name, what]) => `  ${name.padEnd(12)} ${what}`)
  .join("\n")}
  ${"all".padEnd(12)} all of them

  --short        as npm test runs it
  --minutes N    longer sweeps
  --write        puts the rows into the table in docs/reliability.md

Talks to 127.0.0.1 only. Linux; "rolling" needs haproxy, "supervision" prlimit.
`;

const { names, options, write } = readArguments();
const failed = await buildPackages();
if (failed) process.exit(failed);
const { table, writePage } = await import("../chaos/lib/report.mjs");
const rows = [];
for (const name of names) {
  process.stderr.write(`${name}: ${NAMES[name]} ...\n`);
  const begin = performance.now();
  const { run } = await import(`../chaos/${name}.mjs`);
  const found = await run(options);
  rows.push(...found);
  process.stderr.write(`${name}: ${Math.round((performance.now() - begin) / 1000)} s\n`);
  for (const { fault, failures } of found)
    for (const each of failures) process.stderr.write(`FAILED ${fault}: ${each}\n`);
}
process.stdout.write(`\n${table(rows)}\n`);
const failures = rows.some((each) => each.failures.length > 0);
// A table with failures is not for readers.
if (write && !failures) writePage(rows);
process.exit(failures ? 1 : 0);

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        short: { type: "boolean", default: false },
        minutes: { type: "string" },
        write: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) {
      process.stdout.write(usage);
      process.exit(0);
    }
    const wanted = positionals.includes("all") ? Object.keys(NAMES) : positionals;
    const unknown = wanted.find((name) => !Object.hasOwn(NAMES, name));
    if (unknown !== undefined) throw new Error(`There is no scenario "${unknown}".`);
    if (wanted.length === 0) throw new Error("Name a scenario.");
    const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
    if (minutes !== undefined && !(minutes > 0)) throw new Error("--minutes takes a number above 0.");
    return { names: wanted, write: values.write, options: { short: values.short, ...(minutes && { minutes }) } };
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usage}`);
    process.exit(2);
  }
}
