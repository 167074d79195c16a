/** The real `stt-server` as a process that can be drained, killed and started again on its port. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { childrenOf, descriptors, residentBytes, start } from "../../bench/lib/processes.mjs";

const program = fileURLToPath(new URL("../../packages/server/bin/stt-server.js", import.meta.url));
const probe = new URL("../../bench/lib/probe.mjs", import.meta.url).href;

const SETTINGS = {
  WHISPER_MODEL: "micro",
  REALTIME_MODEL_TYPE: "micro",
  DEVICE: "cpu",
  BEAM_SIZE: "1",
  BEAM_SIZE_REALTIME: "1",
  WHISPER_THREADS: "1",
  MAX_SESSIONS: "1000",
  LOG_LEVEL: "info",
  LOG_FORMAT: "json",
};

/**
 * @param {object} [options]
 * @param {number} [options.port] both ports. @default a free one
 * @param {Record<string, string>} [options.settings] environment variables on top
 */
export async function startServer({ port = 0, settings = {} } = {}) {
  // An empty directory: a .env file must not change anything.
  const directory = mkdtempSync(path.join(os.tmpdir(), "stt-chaos-"));
  const child = start(process.execPath, [program, "--control-port", String(port), "--data-port", String(port)], {
    cwd: directory,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...process.env, ...SETTINGS, ...settings, BENCH_PROBE: "1", NODE_OPTIONS: `--import ${probe}` },
  });
  const log = [];
  const exited = once(child, "exit").then(([code, signal]) => {
    rmSync(directory, { recursive: true, force: true });
    return { code, signal };
  });
  const bound = await new Promise((resolve, reject) => {
    void exited.then(() => reject(new Error(`stt-server did not start:\n${log.join("\n")}`)));
    createInterface({ input: child.stderr }).on("line", (line) => {
      log.push(line);
      if (line.includes('"msg":"ready:')) resolve(JSON.parse(line).dataPort);
    });
  });
  const http = `http://127.0.0.1:${bound}`;
  return {
    port: bound,
    http,
    url: `ws://127.0.0.1:${bound}/v1/stream`,
    pid: child.pid,
    /** What it logged, one JSON object a line. */
    log,
    exited,
    get alive() {
      return child.exitCode === null && child.signalCode === null;
    },
    workers: () => childrenOf(child.pid),
    descriptors: () => descriptors(child.pid),
    rss: () => residentBytes(child.pid),
    /** `process.memoryUsage()` after a garbage collection. */
    async memory() {
      child.send("memory");
      const [usage] = await once(child, "message");
      return usage;
    },
    async ready() {
      return (await fetch(`${http}/readyz`)).ok;
    },
    /** Sends a signal and waits for the end. */
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      return exited;
    },
    kill: (signal = "SIGKILL") => child.kill(signal),
  };
}
