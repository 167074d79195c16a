import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { messageOf, SttError } from "@stt/core";
import { packageRoot } from "../../scripts/native-cache.mjs";

/** Audio to hear, or the end. */
export type TurnRequest = Float32Array | "end";
export type TurnReply =
  | { kind: "ready" }
  | { kind: "answer"; probability: number }
  | { kind: "failed"; message: string };

/** The thread that runs the model, seen from outside: one question at a time. Its far side is `turn-worker.ts`. */
export class TurnThread {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #settle: { resolve(probability: number): void; reject(error: SttError): void } | undefined;
  #failure: SttError | undefined;

  private constructor(modelPath: string) {
    // ONNX Runtime reports its use to Microsoft and keeps an identifier of the machine for it, unless told not to before it loads.
    process.env.ORT_DISABLE_TELEMETRY = "1";
    // The same file for sources under test and for every bundle of this package.
    this.#worker = new Worker(join(packageRoot(), "dist", "turn", "turn-worker.js"), {
      name: "end-of-turn",
      execArgv: [],
      workerData: modelPath,
    });
    this.#exited = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
    this.#worker.on("message", (reply: TurnReply) => {
      if (reply.kind === "failed") this.#fail(reply.message);
      else this.#answer(reply.kind === "ready" ? 0 : reply.probability);
    });
    this.#worker.on("error", (error) => this.#fail(messageOf(error)));
    this.#worker.on("exit", () => this.#fail("its thread ended unexpectedly"));
  }

  /** Loads the model, 0.2 s. @throws SttError `bad_model` when it does not load */
  static async start(modelPath: string): Promise<TurnThread> {
    const thread = new TurnThread(modelPath);
    try {
      await thread.#next();
    } catch (error) {
      throw new SttError("bad_model", `The end-of-turn model ${modelPath} does not load: ${messageOf(error)}`);
    }
    return thread;
  }

  /**
   * The probability that the speaker has finished, 0..1. Call only while no other question is under way.
   *
   * @param audio 16 kHz mono, the last 8 s of the turn at most; handed over, not copied
   * @throws SttError `internal` when the thread failed: then it answers nothing any more
   */
  ask(audio: Float32Array): Promise<number> {
    const answer = this.#next();
    if (!this.#failure) this.#worker.postMessage(audio satisfies TurnRequest, [audio.buffer as ArrayBuffer]);
    return answer;
  }

  /** Ends the thread after the question under way. Idempotent. */
  async close(): Promise<void> {
    this.#worker.postMessage("end" satisfies TurnRequest);
    await this.#exited;
  }

  #next(): Promise<number> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
  }

  #answer(probability: number): void {
    this.#settle?.resolve(probability);
    this.#settle = undefined;
  }

  #fail(reason: string): void {
    this.#failure ??= new SttError("internal", `End-of-turn detection failed: ${reason}.`);
    this.#settle?.reject(this.#failure);
    this.#settle = undefined;
    void this.#worker.terminate();
  }
}
