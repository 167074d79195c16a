/** Entry of an inference process: one {@link WhisperEngine} behind Node's IPC channel. Started by `WorkerProcess`. */
import { SttError } from "@stt/core";
import type { Log, LogLevel } from "../../observability/log.js";
import { WhisperEngine } from "./whisper-engine.js";
import { toWireError, type WorkerReply, type WorkerRequest } from "./worker-protocol.js";

const running = new Map<number, AbortController>();
let engine: WhisperEngine | undefined;

function send(reply: WorkerReply): void {
  // The server may be gone already; its end of the channel then ends this process a moment later.
  if (process.connected) process.send?.(reply);
}

const forward =
  (level: LogLevel) =>
  (fields: object, message: string): void =>
    send({ kind: "log", level, fields, message });
const log: Log = { debug: forward("debug"), info: forward("info"), warn: forward("warn"), error: forward("error") };

async function handle(request: WorkerRequest): Promise<void> {
  switch (request.kind) {
    case "open":
      try {
        engine = await WhisperEngine.open({ ...request.options, log });
        send({ kind: "ready", info: engine.info });
      } catch (error) {
        send({ kind: "failed", error: toWireError(error) });
      }
      return;
    case "abort":
      running.get(request.id)?.abort();
      return;
    case "transcribe": {
      const controller = new AbortController();
      running.set(request.id, controller);
      await answer(request.id, (ready) => ready.transcribe(request.audio, request.options, controller.signal));
      running.delete(request.id);
      return;
    }
    case "memory":
      await answer(request.id, (ready) => ready.memory());
  }
}

async function answer(
  id: number,
  work: (ready: WhisperEngine) => Promise<Extract<WorkerReply, { kind: "done" }>["result"]>,
): Promise<void> {
  try {
    if (!engine) throw new SttError("invalid_state", "The inference process was asked before it had loaded its model.");
    send({ kind: "done", id, result: await work(engine) });
  } catch (error) {
    send({ kind: "error", id, error: toWireError(error) });
  }
}

process.on("message", (request: WorkerRequest) => void handle(request));
// The channel closes when the server closes the engine, and also when the server dies in any way. There is nothing to save
// and a running job may hold a native thread, so no orderly exit: the kernel and the GPU driver free everything.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
// Ctrl+C and a service manager's stop reach the whole process group. The server decides when inference ends: it drains first.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
