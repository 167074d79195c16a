/** A server that can be killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";

const BIN = fileURLToPath(new URL("../../../server/bin/stt-server.js", import.meta.url));

/** Starts one with the built-in model; resolves when it is ready. */
export async function startServer(ports: { control: number; data: number }): Promise<ChildProcess> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [BIN], {
    cwd: tmpdir(),
    env: {
      PATH,
      HOME,
      WHISPER_MODEL: "micro",
      REALTIME_MODEL_TYPE: "micro",
      WHISPER_THREADS: "1",
      BEAM_SIZE: "1",
      BEAM_SIZE_REALTIME: "1",
      CONTROL_PORT: `${ports.control}`,
      DATA_PORT: `${ports.data}`,
    },
    stdio: "ignore",
  });
  await vi.waitFor(
    async () => {
      const { ok } = await fetch(`http://127.0.0.1:${ports.control}/readyz`);
      if (!ok) throw new Error("The server is not ready.");
    },
    { timeout: 30_000, interval: 100 },
  );
  return child;
}

/** Ends it as a power cut would. */
export async function killServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
