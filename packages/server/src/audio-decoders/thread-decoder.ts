import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { abortError, SttError } from "@stt/core";
import { packageRoot } from "../../scripts/native-cache.mjs";
import type { AudioDecoder, AudioFile, DecodingLimits, OwnContainer } from "./audio-decoder.js";
import type { DecodeReply, DecodeWork } from "./decode-protocol.js";

/** Pieces asked for ahead, so that the thread does not wait for its consumer. */
const AHEAD = 2;
/** A decoder that has not answered for this long is caught in a loop by a broken file. */
const HUNG_AFTER_MS = 30_000;
/** A file that makes a decoder ask for more ends its thread alone. */
const MAX_HEAP_MB = 256;

/**
 * Decodes on a thread of its own, one for each file: the event loop stays free, and whatever a broken file does to a decoder
 * ends with the thread.
 */
export const threadDecoder: AudioDecoder = {
  async *open(file, limits, signal) {
    signal.throwIfAborted();
    const thread = new DecodingThread(file, limits, signal);
    let heard = false;
    try {
      for (let reply = await thread.next(); reply.kind !== "end"; reply = await thread.next()) {
        if (reply.kind === "failed") throw new SttError(reply.code, describe(reply, file));
        heard = true;
        yield reply.samples;
      }
      if (!heard) throw noAudio(file);
    } finally {
      await thread.close();
    }
  },
};

class DecodingThread {
  readonly #worker: Worker;
  readonly #signal: AbortSignal;
  readonly #replies: DecodeReply[] = [];
  readonly #onAbort = () => this.#fail(abortError(this.#signal.reason));
  #failure: SttError | undefined;
  #wake: (() => void) | undefined;
  #asked = 0;

  constructor({ path, container, start }: AudioFile, { maxDurationMs }: DecodingLimits, signal: AbortSignal) {
    this.#signal = signal;
    const work: DecodeWork = { path, container: container as OwnContainer, start, maxDurationMs };
    // The same file for sources under test and for every bundle of this package.
    this.#worker = new Worker(join(packageRoot(), "dist", "audio-decoders", "decode-worker.js"), {
      name: "audio-decoder",
      execArgv: [],
      workerData: work,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
      // The decoders print what they think of a broken file.
      stdout: true,
      stderr: true,
    });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on("message", (reply: DecodeReply) => {
      this.#asked--;
      this.#replies.push(reply);
      this.#wake?.();
    });
    this.#worker.on("error", (cause) => this.#fail(broken(cause)));
    this.#worker.on("exit", () => this.#fail(broken()));
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  async next(): Promise<DecodeReply> {
    for (; this.#asked + this.#replies.length < AHEAD; this.#asked++) this.#worker.postMessage("more");
    if (this.#replies.length === 0 && !this.#failure) await this.#somethingHappens();
    const reply = this.#replies.shift();
    if (this.#failure) throw this.#failure;
    return reply!;
  }

  async close(): Promise<void> {
    this.#signal.removeEventListener("abort", this.#onAbort);
    await this.#worker.terminate();
  }

  async #somethingHappens(): Promise<void> {
    const hung = setTimeout(() => this.#fail(broken()), HUNG_AFTER_MS);
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    clearTimeout(hung);
    this.#wake = undefined;
  }

  #fail(error: SttError): void {
    this.#failure ??= error;
    this.#wake?.();
  }
}

function broken(cause?: unknown): SttError {
  return new SttError("bad_audio", "The audio file broke its decoder: it is damaged.", { cause });
}

function noAudio({ name }: AudioFile): SttError {
  return new SttError("bad_audio", `The file looks like ${name}, but there is no audio in it that can be decoded.`);
}

function describe({ message }: { message: string }, { name }: AudioFile): string {
  return /[.!]$/.test(message) ? message : `The ${name} file cannot be decoded: ${message}.`;
}
