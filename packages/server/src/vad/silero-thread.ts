import { Worker } from "node:worker_threads";
import { messageOf, SttError, VAD_FRAME_SAMPLES } from "@stt/core";
import { assetPath } from "./assets.js";

const FLOAT = Float32Array.BYTES_PER_ELEMENT;

/**
 * The thread that runs Silero, seen from outside: rows of shared memory go in, probabilities come out, one batch at a time.
 * The far side is `assets/silero-worker.mjs`.
 */
export class SileroThread {
  /** Frames, [maxBatch, 512]. To be left alone between {@link submit} and its answer, like the arrays below. */
  readonly frames: Float32Array;
  /** Which slot's state each row continues, [maxBatch]. */
  readonly slots: Int32Array;
  /** 1 where the slot starts from a clean state, [maxBatch]. */
  readonly fresh: Uint8Array;
  /** The answer: probability of speech, 0..1, [maxBatch]. */
  readonly probabilities: Float32Array;
  /** Called after each batch. */
  onDone: () => void = () => {};
  /** Called once when the thread fails; no batch is answered any more. */
  onFailed: (error: SttError) => void = () => {};

  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #over = false;

  private constructor(maxBatch: number) {
    const frames = new SharedArrayBuffer(maxBatch * VAD_FRAME_SAMPLES * FLOAT);
    const slots = new SharedArrayBuffer(maxBatch * Int32Array.BYTES_PER_ELEMENT);
    const fresh = new SharedArrayBuffer(maxBatch);
    const probabilities = new SharedArrayBuffer(maxBatch * FLOAT);
    this.frames = new Float32Array(frames);
    this.slots = new Int32Array(slots);
    this.fresh = new Uint8Array(fresh);
    this.probabilities = new Float32Array(probabilities);
    const modelPath = assetPath("silero_vad_v6.onnx");
    // ONNX Runtime reports its use to Microsoft and keeps an identifier of the machine for it, unless told not to before it loads.
    process.env.ORT_DISABLE_TELEMETRY = "1";
    this.#worker = new Worker(assetPath("silero-worker.mjs"), {
      name: "silero-vad",
      // The program's own flags (`--input-type` for one) are not meant for this file.
      execArgv: [],
      workerData: { modelPath, maxBatch, frames, slots, fresh, probabilities },
    });
    this.#exited = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
  }

  /** Resolves once the model is loaded. @throws SttError `bad_model` when it does not load. */
  static async start(maxBatch: number): Promise<SileroThread> {
    const thread = new SileroThread(maxBatch);
    await new Promise<void>((resolve, reject) => {
      thread.onDone = resolve;
      thread.onFailed = (error) =>
        reject(new SttError("bad_model", `The Silero voice activity detector does not load: ${error.message}`));
      thread.#listen();
    });
    return thread;
  }

  /** Runs the first `count` rows; {@link onDone} follows. */
  submit(count: number): void {
    this.#worker.postMessage(count);
  }

  /** Ends the thread after the batch under way. Idempotent. */
  async close(): Promise<void> {
    this.#over = true;
    this.#worker.postMessage("end");
    await this.#exited;
  }

  #listen(): void {
    this.#worker.on("message", (message: unknown) => {
      if (this.#over) return;
      if (typeof message === "number") this.onDone();
      else this.#fail(message);
    });
    this.#worker.on("error", (error) => this.#fail(messageOf(error)));
    this.#worker.on("exit", () => this.#fail("its thread ended unexpectedly"));
  }

  #fail(reason: unknown): void {
    if (this.#over) return;
    this.#over = true;
    void this.#worker.terminate();
    this.onFailed(new SttError("internal", `The voice activity detector failed: ${String(reason)}.`));
  }
}
