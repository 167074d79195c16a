/** The real `stt-server`, as a child process on free ports. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { childrenOf, residentBytes, start, stop } from "./processes.mjs";

const program = fileURLToPath(new URL("../../packages/server/bin/stt-server.js", import.meta.url));
const probe = new URL("probe.mjs", import.meta.url).href;

/**
 * Settings of every measurement: the built-in model, greedy decoding (as the peers are told to), and no limit on sessions,
 * because the benches look for what lies behind it.
 */
const SETTINGS = {
  WHISPER_MODEL: "micro",
  REALTIME_MODEL_TYPE: "micro",
  DEVICE: "cpu",
  BEAM_SIZE: "1",
  BEAM_SIZE_REALTIME: "1",
  MAX_SESSIONS: "100000",
  LOG_LEVEL: "info",
  LOG_FORMAT: "json",
};

/**
 * Starts a server and waits until it is ready.
 *
 * `BENCH_PROFILE=DIRECTORY` makes it write a processor profile there when it stops (open it in Chrome's DevTools).
 *
 * @param {Record<string, string>} [settings] environment variables on top
 */
export async function startSttServer(settings = {}) {
  // An empty directory: a .env file must not change what is measured.
  const directory = mkdtempSync(path.join(os.tmpdir(), "stt-bench-"));
  const profile = process.env.BENCH_PROFILE ? ["--cpu-prof", `--cpu-prof-dir=${process.env.BENCH_PROFILE}`] : [];
  const begin = performance.now();
  const child = start(process.execPath, [...profile, program, "--control-port", "0", "--data-port", "0"], {
    cwd: directory,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, ...SETTINGS, ...settings, BENCH_PROBE: "1", NODE_OPTIONS: `--import ${probe}` },
  });
  child.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const log = [];
  const port = await new Promise((resolve, reject) => {
    child.once("exit", () => reject(new Error(`stt-server did not start:\n${log.join("\n")}`)));
    createInterface({ input: child.stderr }).on("line", (line) => {
      log.push(line);
      if (line.includes('"msg":"ready:')) resolve(JSON.parse(line).dataPort);
    });
  });
  const readyMs = performance.now() - begin;
  const [workerPid] = childrenOf(child.pid);
  return {
    port,
    pid: child.pid,
    /** The inference process. */
    workerPid,
    readyMs,
    /** What it logged, one JSON object a line. */
    log,
    pids: { server: child.pid, inference: workerPid, bench: process.pid },
    rss: () => residentBytes(child.pid),
    workerRss: () => residentBytes(workerPid),
    /** `process.memoryUsage()` of the server after a garbage collection. */
    async memory() {
      child.send("memory");
      const [usage] = await once(child, "message");
      return usage;
    },
    close: () => stop(child),
  };
}
