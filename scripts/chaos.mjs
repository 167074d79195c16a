/** `npm run chaos -- NAME... [--short] [--minutes N] [--write]`: breaks things under live sessions and tells what was lost. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { readCommandLine } from "./command-line.mjs";
import { buildPackages } from "./lib.mjs";

const NAMES = {
  resume: "connections cut at every moment of an utterance, servers killed",
  rolling: "rolling restart of two servers behind HAProxy",
  supervision: "inference processes killed, stopped, starved",
  access: "tokens that expire and keys that are revoked in mid-session",
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
  --write        puts the rows into the table in docs/reliability.md; with "all" nothing older stays in it

A scenario that fails is a row that says so, and the exit code is 1.

Talks to 127.0.0.1 only. Linux; "rolling" needs haproxy, "supervision" prlimit.
`;

const SCENARIO_LIMIT_MS = 15 * 60_000;

const { names, write, ...options } = readCommandLine({
  kind: "scenario",
  names: Object.keys(NAMES),
  switches: ["short", "write"],
  usage,
});
const all = names.length === Object.keys(NAMES).length;
const failed = await buildPackages();
if (failed) process.exit(failed);
const { row, table, writePage } = await import("../chaos/lib/report.mjs");
const rows = [];
const begin = performance.now();
for (const name of names) {
  process.stderr.write(`${name}: ${NAMES[name]} ...\n`);
  const began = performance.now();
  const found = await runAlone(name);
  rows.push(...found);
  process.stderr.write(`${name}: ${seconds(began)} s\n`);
  for (const { fault, failures } of found)
    for (const each of failures) process.stderr.write(`FAILED ${fault}: ${each}\n`);
}
process.stdout.write(`\n${table(rows)}\n\n${rows.length} rows in ${seconds(begin)} s\n`);
if (write) writePage(rows, { fresh: all, note: `${options.short ? "short run" : "run"} of ${seconds(begin)} s` });
process.exit(rows.some((each) => each.failures.length > 0) ? 1 : 0);

function seconds(since) {
  return Math.round((performance.now() - since) / 1000);
}

/** A scenario in a process group of its own: whatever becomes of it, nothing of it is left for the next one. */
async function runAlone(name) {
  const program = fileURLToPath(new URL("../chaos/lib/run-scenario.mjs", import.meta.url));
  const child = spawn(process.execPath, [program, name, JSON.stringify(options)], {
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const end = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // Nobody is left.
    }
  };
  const interrupted = () => {
    end();
    process.exit(130);
  };
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  let answer;
  let late = false;
  const timer = setTimeout(
    () => {
      late = true;
      end();
    },
    SCENARIO_LIMIT_MS + (options.minutes ?? 0) * 120_000,
  );
  child.on("message", (message) => {
    answer = message;
  });
  const how = await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`ended with ${signal ?? code}`));
  });
  clearTimeout(timer);
  process.off("SIGINT", interrupted);
  process.off("SIGTERM", interrupted);
  end();
  if (answer?.rows) return answer.rows;
  return [row(`scenario "${name}"`, "did not come to its end", 1, [late ? "took too long" : (answer?.error ?? how)])];
}
