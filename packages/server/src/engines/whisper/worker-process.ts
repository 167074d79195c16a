import { type ChildProcess, fork } from "node:child_process";
import type { Socket } from "node:net";
import { setPriority } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import {
  abortError,
  type EngineInfo,
  type EngineMemory,
  SttError,
  type TranscribeOptions,
  type Transcription,
} from "@stt/core";
import { packageRoot } from "../../../scripts/native-cache.mjs";
import type { Log } from "../../observability/log.js";
import type { WhisperEngineOptions } from "./options.js";
import { fromWireError, type WorkerReply, type WorkerRequest } from "./worker-protocol.js";

/** How an inference process ended, and what it was doing. */
export interface WorkerExit {
  pid: number | undefined;
  exitCode: number | null;
  exitSignal: NodeJS.Signals | null;
  /** Calls that were running. */
  jobs: number;
  /** Set when we ended it because a call took longer than this. */
  hungAfterMs?: number;
}

/** What a call rejects with when its process ends under it. */
export class WorkerGone extends Error {
  constructor(readonly exit: WorkerExit) {
    super(
      exit.hungAfterMs === undefined
        ? `the inference process ended (${exit.exitSignal ?? `exit code ${exit.exitCode}`})`
        : `the inference process did not answer within ${Math.round(exit.hungAfterMs / 1000)} s`,
    );
  }
}

interface Pending {
  resolve(result: Transcription | EngineMemory): void;
  reject(error: unknown): void;
}

/** One inference process. It lives until it crashes or is killed; {@link SupervisedEngine} starts the next one. */
export class WorkerProcess {
  readonly info: Promise<EngineInfo>;
  /** Settles when the process has ended. */
  readonly exited: Promise<WorkerExit>;
  readonly #child: ChildProcess;
  readonly #log: Log;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #hungAfterMs: number | undefined;
  #gone: WorkerGone | undefined;

  constructor(options: WhisperEngineOptions) {
    const { modelPath, modelName, device, threads = 0, concurrency = 0, flashAttention } = options;
    this.#log = options.log;
    // The same file for sources under test and for every bundle of this package.
    const entry = path.join(packageRoot(), "dist", "engines", "whisper", "worker.js");
    this.#child = fork(entry, [], {
      serialization: "advanced",
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      // On a failed assertion ggml would start a debugger to print a backtrace, and hang in it.
      env: { ...process.env, GGML_NO_BACKTRACE: "1", ...gpuEnvironment(options.cudaDevice) },
    });
    yieldToTheServer(this.#child.pid);
    for (const stream of [this.#child.stdout, this.#child.stderr]) this.#forwardOutput(stream as Socket);

    this.exited = new Promise((resolve) => {
      const onEnd = (exitCode: number | null, exitSignal: NodeJS.Signals | null): void => {
        const jobs = this.#pending.size;
        const hung = this.#hungAfterMs !== undefined && { hungAfterMs: this.#hungAfterMs };
        const exit: WorkerExit = { pid: this.#child.pid, exitCode, exitSignal, jobs, ...hung };
        this.#gone = new WorkerGone(exit);
        for (const pending of this.#pending.values()) pending.reject(this.#gone);
        this.#pending.clear();
        resolve(exit);
      };
      this.#child.once("exit", onEnd);
      // Emitted instead of "exit" when the process could not be started at all.
      this.#child.once("error", () => this.#child.pid === undefined && onEnd(null, null));
    });

    this.info = new Promise((resolve, reject) => {
      this.#child.on("message", (reply: WorkerReply) => {
        if (reply.kind === "ready") {
          this.#holdEventLoop(false);
          resolve(reply.info);
        } else if (reply.kind === "failed") reject(fromWireError(reply.error));
        else this.#onReply(reply);
      });
      void this.exited.then(() => reject(this.#gone));
    });
    this.info.catch(() => {});
    this.#send({
      kind: "open",
      options: { modelPath, modelName, device, threads, concurrency, flashAttention },
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** @throws WorkerGone if the process ends first; it is killed after `timeoutMs`. */
  async transcribe(
    audio: Float32Array,
    options: TranscribeOptions,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Transcription> {
    if (signal?.aborted) throw abortError(signal.reason);
    const id = this.#nextId++;
    let onAbort: (() => void) | undefined;
    const watchdog = setTimeout(() => {
      this.#hungAfterMs = timeoutMs;
      this.kill();
    }, timeoutMs);
    try {
      return await new Promise<Transcription>((resolve, reject) => {
        onAbort = () => {
          this.#send({ kind: "abort", id });
          // No need to wait for the decoder to notice: the process queues what comes next behind it.
          this.#pending.delete(id);
          reject(abortError(signal?.reason));
        };
        signal?.addEventListener("abort", onAbort, { once: true });
        this.#request(id, { kind: "transcribe", id, audio, options }, resolve as Pending["resolve"], reject);
      });
    } finally {
      clearTimeout(watchdog);
      if (onAbort) signal?.removeEventListener("abort", onAbort);
      if (this.#pending.size === 0) this.#holdEventLoop(false);
    }
  }

  memory(): Promise<EngineMemory> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#request(id, { kind: "memory", id }, resolve as Pending["resolve"], reject);
    });
  }

  kill(): void {
    // Whoever closes the engine waits for the end of the process, perhaps with nothing else to keep the program alive.
    this.#child.ref();
    this.#child.kill("SIGKILL");
  }

  #request(id: number, request: WorkerRequest, resolve: Pending["resolve"], reject: Pending["reject"]): void {
    if (this.#gone) {
      reject(this.#gone);
      return;
    }
    this.#pending.set(id, { resolve, reject });
    this.#holdEventLoop(true);
    this.#send(request);
  }

  #send(request: WorkerRequest): void {
    // A process that has just died is noticed by its exit; what was sent to it meanwhile is lost either way.
    this.#child.send(request, () => {});
  }

  #onReply(reply: Exclude<WorkerReply, { kind: "ready" | "failed" }>): void {
    if (reply.kind === "log") {
      this.#log[reply.level](reply.fields, reply.message);
      return;
    }
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.kind === "done") pending?.resolve(reply.result);
    else pending?.reject(fromWireError(reply.error));
  }

  /** Only work in progress keeps a program alive, not an idle engine somebody forgot to close. */
  #holdEventLoop(hold: boolean): void {
    const verb = hold ? "ref" : "unref";
    this.#child[verb]();
    this.#child.channel?.[verb]();
  }

  #forwardOutput(stream: Socket): void {
    stream.unref();
    createInterface({ input: stream }).on("line", (line) => {
      this.#log.warn({ pid: this.#child.pid, line }, "the inference process wrote to its output");
    });
  }
}

/** Numbers mean the same GPU to CUDA as to nvidia-smi only in this order. */
function gpuEnvironment(cudaDevice: string | undefined): NodeJS.ProcessEnv {
  if (cudaDevice === undefined) return {};
  return { CUDA_VISIBLE_DEVICES: cudaDevice, CUDA_DEVICE_ORDER: process.env.CUDA_DEVICE_ORDER ?? "PCI_BUS_ID" };
}

/** A third of the processor where all cores are wanted by others; `nice` values run from -20 to 19. */
const INFERENCE_NICENESS = 5;

/**
 * Inference takes every core it is given for as long as it lasts; sockets and voice detection need little and at once. A lower
 * priority costs an idle machine nothing.
 */
function yieldToTheServer(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, INFERENCE_NICENESS);
  } catch {
    // Some sandboxes do not allow it; then all share alike.
  }
}

/** Whether a failed start will fail again in the same way, because of the files and not of the moment. */
export function isPermanent(error: unknown): boolean {
  return (
    error instanceof SttError &&
    ["model_not_found", "bad_model", "native_unavailable", "invalid_argument", "io_error"].includes(error.code)
  );
}
