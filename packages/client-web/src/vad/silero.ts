/** Silero VAD v6 in the browser. */
import {
  messageOf,
  SttError,
  VAD_FRAME_SAMPLES,
  type VadListener,
  type VadStream,
  type VoiceActivityDetector,
} from "@stt/core";
import { checkArgument, checkOptions, type OptionShape } from "@stt/core/callers";
import type { InferenceSession, Tensor } from "onnxruntime-web/wasm";

/** Silero v5 and v6 want the 64 samples before each frame in front of it and, without them, silently hear no speech. */
const CONTEXT_SAMPLES = 64;
const STATE_SHAPE = [2, 1, 128];
const STATE_SIZE = 256;

type Runtime = typeof import("onnxruntime-web/wasm");

export interface SileroOptions {
  /**
   * Address of `silero_vad_v6.onnx`, which this package brings, or the file itself. In Vite the address is the default import
   * of `@stt/client-web/silero_vad_v6.onnx?url`.
   */
  model: string | URL | Uint8Array;
  /** Address of onnxruntime-web's `ort-wasm-simd-threaded.wasm`. @default as onnxruntime-web finds it */
  wasmUrl?: string | URL;
}

const isAddress = (value: unknown): value is string | URL => typeof value === "string" || value instanceof URL;

const OPTIONS: OptionShape<SileroOptions> = {
  model: {
    expected: "the address of silero_vad_v6.onnx, or its bytes",
    is: (value): value is string | URL | Uint8Array => isAddress(value) || value instanceof Uint8Array,
  },
  wasmUrl: { expected: "an address", is: isAddress },
};

/**
 * Loads the detector. One serves any number of microphones; close it when no more are wanted.
 *
 * @throws SttError `invalid_argument`, `model_not_found`, `bad_model`; `native_unavailable` when onnxruntime-web is not installed or does not start
 */
export async function sileroVad(options: SileroOptions): Promise<VoiceActivityDetector> {
  checkOptions("sileroVad", options, OPTIONS);
  checkArgument("sileroVad", options.model, OPTIONS.model);
  const runtime = await loadRuntime();
  // One thread: several need cross-origin isolation, and the model needs half a millisecond.
  runtime.env.wasm.numThreads = 1;
  if (options.wasmUrl !== undefined) runtime.env.wasm.wasmPaths = { wasm: options.wasmUrl };
  const model = options.model instanceof Uint8Array ? options.model : await download(options.model);
  try {
    return new SileroVad(runtime, await runtime.InferenceSession.create(model, { executionProviders: ["wasm"] }));
  } catch (cause) {
    throw new SttError("bad_model", `Silero VAD does not start: ${messageOf(cause)}.`, { cause });
  }
}

async function loadRuntime(): Promise<Runtime> {
  try {
    return await import("onnxruntime-web/wasm");
  } catch (cause) {
    throw new SttError("native_unavailable", "Client-side VAD needs onnxruntime-web: npm install onnxruntime-web.", {
      cause,
    });
  }
}

async function download(url: string | URL): Promise<Uint8Array> {
  const failed = (why: string, cause?: unknown) =>
    new SttError("model_not_found", `The VAD model ${String(url)} cannot be loaded: ${why}.`, {
      cause,
      retryable: true,
    });
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw failed(messageOf(cause), cause);
  }
  if (!response.ok) throw failed(`HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

class SileroVad implements VoiceActivityDetector {
  readonly #streams = new Set<SileroStream>();
  #closed = false;
  /** The session runs one frame at a time, whoever it belongs to. */
  #queue: Promise<unknown> = Promise.resolve();
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;

  constructor(runtime: Runtime, session: InferenceSession) {
    this.#runtime = runtime;
    this.#session = session;
  }

  get backlog(): number {
    let frames = 0;
    for (const stream of this.#streams) frames += stream.backlog;
    return frames;
  }

  createStream(listener: VadListener): VadStream {
    if (this.#closed) throw new SttError("invalid_state", "The detector is closed: make another one.");
    const stream = new SileroStream(
      this.#runtime,
      listener,
      (feeds) => this.#run(feeds),
      () => this.#streams.delete(stream),
    );
    this.#streams.add(stream);
    return stream;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const stream of this.#streams) stream.close();
    await this.#queue.catch(() => {});
    await this.#session.release();
  }

  #run(feeds: Record<string, Tensor>): Promise<InferenceSession.OnnxValueMapType> {
    const result = this.#queue.then(() => this.#session.run(feeds));
    this.#queue = result.catch(() => {});
    return result;
  }
}

class SileroStream implements VadStream {
  backlog = 0;
  #closed = false;
  readonly #frames: (Float32Array | "reset")[] = [];
  #working = false;
  readonly #input = new Float32Array(CONTEXT_SAMPLES + VAD_FRAME_SAMPLES);
  #state = new Float32Array(STATE_SIZE);
  readonly #rate: Tensor;
  readonly #runtime: Runtime;
  readonly #listener: VadListener;
  readonly #run: (feeds: Record<string, Tensor>) => Promise<InferenceSession.OnnxValueMapType>;
  readonly #onClose: () => void;

  constructor(
    runtime: Runtime,
    listener: VadListener,
    run: (feeds: Record<string, Tensor>) => Promise<InferenceSession.OnnxValueMapType>,
    onClose: () => void,
  ) {
    this.#runtime = runtime;
    this.#listener = listener;
    this.#run = run;
    this.#onClose = onClose;
    this.#rate = new runtime.Tensor("int64", BigInt64Array.of(16_000n), []);
  }

  push(frame: Float32Array): void {
    if (frame.length !== VAD_FRAME_SAMPLES) {
      throw new SttError("invalid_argument", `A VAD frame has ${VAD_FRAME_SAMPLES} samples, not ${frame.length}.`);
    }
    if (this.#closed) return;
    this.#frames.push(frame.slice());
    this.backlog++;
    void this.#work();
  }

  reset(): void {
    if (!this.#closed) this.#frames.push("reset");
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#frames.length = 0;
    this.backlog = 0;
    this.#onClose();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      for (let frame = this.#frames.shift(); frame; frame = this.#frames.shift()) {
        if (frame === "reset") {
          this.#input.fill(0);
          this.#state = new Float32Array(STATE_SIZE);
          continue;
        }
        const probability = await this.#detector(frame);
        if (this.#closed) return;
        this.backlog--;
        this.#listener.onProbability(probability);
      }
    } catch (cause) {
      if (this.#closed) return;
      this.close();
      this.#listener.onError(new SttError("engine_failed", `Silero VAD failed: ${messageOf(cause)}.`, { cause }));
    } finally {
      this.#working = false;
    }
  }

  async #detector(frame: Float32Array): Promise<number> {
    const { Tensor } = this.#runtime;
    // The end of the frame before becomes this one's context.
    this.#input.copyWithin(0, VAD_FRAME_SAMPLES);
    this.#input.set(frame, CONTEXT_SAMPLES);
    const { output, stateN } = await this.#run({
      input: new Tensor("float32", this.#input, [1, this.#input.length]),
      state: new Tensor("float32", this.#state, STATE_SHAPE),
      sr: this.#rate,
    });
    this.#state = (stateN as Tensor).data as Float32Array<ArrayBuffer>;
    return ((output as Tensor).data as Float32Array)[0]!;
  }
}
