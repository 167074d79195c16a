/** The real `stt-server` of `dist` as a process of its own, for what only a process can show: signals, kills, exit codes. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const program = fileURLToPath(new URL("../../bin/stt-server.js", import.meta.url));

export interface ServerProcess {
  child: ChildProcess;
  port: number;
  /** Of the native stream. */
  url: string;
  http: string;
  /** JSON lines. */
  log: string[];
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** A ready server on one free port; it ends with the test at the latest. */
export async function startServerProcess(settings: Record<string, string> = {}): Promise<ServerProcess> {
  // An empty directory: a .env file must not change the test.
  const directory = mkdtempSync(path.join(os.tmpdir(), "stt-server-process-"));
  const child = spawn(process.execPath, [program, "--control-port", "0", "--data-port", "0"], {
    cwd: directory,
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      WHISPER_MODEL: "micro",
      REALTIME_MODEL_TYPE: "micro",
      BEAM_SIZE: "1",
      BEAM_SIZE_REALTIME: "1",
      WHISPER_THREADS: "1",
      LOG_FORMAT: "json",
      ...settings,
    },
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const exited = once(child, "exit").then(([code, signal]) => {
    rmSync(directory, { recursive: true, force: true });
    return { code, signal };
  });
  const log: string[] = [];
  const port = await new Promise<number>((resolve, reject) => {
    void exited.then(() => reject(new Error(`stt-server did not start:\n${log.join("\n")}`)));
    createInterface({ input: child.stderr! }).on("line", (line) => {
      log.push(line);
      if (line.includes('"msg":"ready:')) resolve((JSON.parse(line) as { dataPort: number }).dataPort);
    });
  });
  const address = `127.0.0.1:${port}`;
  return { child, port, url: `ws://${address}/v1/stream`, http: `http://${address}`, log, exited };
}

/** Process ids of the children of a process (Linux). */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
  );
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
