/** `npm run bench -- NAME... [--quick] [--write] [--json] [--minutes N]`: measures, prints tables, keeps docs/benchmarks.md. */
import os from "node:os";
import { readCommandLine } from "./command-line.mjs";
import { buildPackages } from "./lib.mjs";

const NAMES = {
  human: "people's voices: what is lost, word error rate, how soon text comes",
  turn: "where a turn ends: speakers cut off and time waited, by silence and by the model",
  language: "how surely the language of one to two seconds is detected",
  startup: "process start to ready, memory",
  overhead: "compute of a final against whisper-cli",
  "first-partial": "first text after speech onset, cadence, committed share",
  endpoint: "endpoint to final, with and without speculative finals",
  speakers: "concurrent speakers, against whisper-server",
  listeners: "connected, mostly silent sessions",
  memory: "memory of a session",
  "streaming-wer": "word error rate streamed and offline, retractions",
  neighbour: "one client at 50x beside others",
  shapes: "models of Whisper's sizes, tiny to medium; to large-v3 with DEVICE=cuda",
  soak: "connect, speak, disconnect for 20 minutes (--minutes N)",
  vocabulary: "names and terms: right with prompt, bias and correction, put in wrongly, cost",
  vad: "voice detection alone: batches, lag, memory",
};

const usage = `Usage: npm run bench -- NAME... [--quick] [--write] [--json] [--minutes N]

${Object.entries(NAMES)
  .map(([name, what]) => `  ${name.padEnd(14)} ${what}`)
  .join("\n")}
  ${"all".padEnd(14)} all of them, some hours

  --quick        a rough figure in a minute or three; docs/benchmarks.md is left alone
  --write        writes it all the same, and says what was run
  --json         one JSON object on stdout instead of tables

human and turn only:
  --languages en,ru,...  of en, ru, es, fr, it; human also: librivox, short-en, short-ru, speechless
  --limit N              so many recordings of each
  --fast                 only the text: several sessions at once, not at the pace of speech
  --kept                 the quarter of the recordings that is kept for acceptance
  --install              installs the Debian packages that the recordings come from

BENCH_PROFILE=DIRECTORY has each server write a processor profile there (for Chrome's DevTools).
`;

const { names, write, ...options } = readCommandLine({
  kind: "bench",
  names: Object.keys(NAMES),
  switches: ["quick", "write", "json", "fast", "kept", "install"],
  values: ["languages", "limit"],
  usage,
});
const failed = await build();
if (failed) process.exit(failed);

const { render, writeSection } = await import("../bench/lib/report.mjs");
const given = process.argv.slice(2).filter((each) => ![...names, "all", "--json", "--install"].includes(each));
const isPartial = ["quick", "fast", "kept", "languages", "limit"].some((name) => options[name]);
const reports = {};
for (const name of names) {
  const load = os.loadavg()[0];
  if (load > 0.5)
    process.stderr.write(`note: the machine is busy (load ${load.toFixed(1)}); the figures will suffer\n`);
  process.stderr.write(`${name}: ${NAMES[name]} ...\n`);
  const begin = performance.now();
  const { run } = await import(`../bench/${name}.mjs`);
  const report = await run(options);
  process.stderr.write(`${name}: ${Math.round((performance.now() - begin) / 1000)} s\n`);
  if (write || !isPartial) writeSection(name, report, load, given);
  reports[name] = report;
  if (!options.json) process.stdout.write(`\n${render(report)}\n`);
}
if (options.json) process.stdout.write(`${JSON.stringify(reports)}\n`);
// A socket that is still closing is no reason to wait.
process.exit(0);

/** The packages, the addon and whisper.cpp's own programs from the same source. */
async function build() {
  const code = await buildPackages();
  if (code) return code;
  const { ensureNative, NativeBuildError } = await import("../packages/server/scripts/build-native.mjs");
  try {
    await ensureNative({ tools: true });
    return 0;
  } catch (error) {
    if (!(error instanceof NativeBuildError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
