/** Audio that arrives on a stream, such as standard input. */
import type { Readable } from "node:stream";
import {
  type AudioFormat,
  type AudioSource,
  bytesPerFrame,
  isSttError,
  JoinedWavDecoder,
  messageOf,
  SttError,
} from "@stt/core";
import {
  audioFormat,
  bytesOf,
  callSafely,
  checkArgument,
  checkOptions,
  type Field,
  type OptionShape,
  text,
} from "@stt/core/callers";

export interface StreamSourceOptions {
  /** The stream is raw PCM of this format; without it, a WAV file. */
  raw?: AudioFormat;
  /** What the stream is called in error sentences. @default "the stream" */
  name?: string;
}

const READABLE: Field<Readable> = {
  expected: "a readable stream",
  is: (value): value is Readable =>
    typeof (value as Partial<Readable> | null)?.destroy === "function" &&
    typeof (value as Partial<Readable>)[Symbol.asyncIterator] === "function",
};
const OPTIONS: OptionShape<StreamSourceOptions> = { raw: audioFormat, name: text };

/**
 * Reads a stream as it comes, and no faster than it is taken. It may be a file or a program that records. The stream is
 * destroyed when the source is closed.
 *
 * @throws SttError `invalid_argument` for what is no stream of bytes; `bad_audio` when it is no WAV file; `io_error` when it breaks
 * @example await client.transcribe(await streamSource(process.stdin));
 */
export async function streamSource(stream: Readable, options: StreamSourceOptions = {}): Promise<AudioSource> {
  checkArgument("streamSource", stream, READABLE);
  checkOptions("streamSource", options, OPTIONS);
  const { raw, name = "the stream" } = options;
  // It may break before anybody reads it: the next read tells of it, and until then it ends no program.
  callSafely(() => stream.on?.("error", () => {}));
  const bytes = stream[Symbol.asyncIterator]() as AsyncIterator<unknown>;
  const read = async () => {
    try {
      const { done, value } = await bytes.next();
      return done ? undefined : bytesOf(value, `What comes from ${name}`);
    } catch (cause) {
      if (isSttError(cause)) throw cause;
      throw new SttError("io_error", `Reading from ${name} failed: ${messageOf(cause)}.`, { cause });
    }
  };
  const { format, first, take, end } = raw ? rawPcm(raw) : await wav(read, name);

  async function* chunks(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    // Nobody knows when the next bytes come: a read that waits is ended by ending the stream.
    const stop = () => callSafely(() => stream.destroy());
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    try {
      if (first.length > 0) yield first;
      for (;;) {
        const piece = await read();
        const pcm = piece === undefined ? end() : take(piece);
        if (pcm.length > 0) yield pcm;
        if (piece === undefined) return;
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  return {
    format,
    chunks,
    close: async () => {
      stream.destroy();
    },
  };
}

interface Reading {
  format: AudioFormat;
  /** PCM that came with the head. */
  first: Uint8Array;
  take(bytes: Uint8Array): Uint8Array;
  /** PCM that is left when nothing more comes. */
  end(): Uint8Array;
}

async function wav(read: () => Promise<Uint8Array | undefined>, name: string): Promise<Reading> {
  const decoder = new JoinedWavDecoder();
  try {
    let first: Uint8Array = new Uint8Array(0);
    while (!decoder.header) {
      const bytes = await read();
      if (bytes) first = decoder.push(bytes);
      else decoder.end();
    }
    return { format: decoder.format!, first, take: (bytes) => decoder.push(bytes), end: () => decoder.end() };
  } catch (cause) {
    if (isSttError(cause) && cause.code !== "bad_audio") throw cause;
    const reason = messageOf(cause).replace(/^The WAV file cannot be read\. /, "");
    const remedy = "for raw 16-bit samples give their rate with --rate";
    throw new SttError("bad_audio", `What comes from ${name} is not a WAV file: ${lowerFirst(reason)} (${remedy}).`, {
      cause,
    });
  }
}

/** A pipe cuts where it likes, also within a sample. */
function rawPcm(format: AudioFormat): Reading {
  const frame = bytesPerFrame(format);
  let rest: Uint8Array = new Uint8Array(0);
  return {
    format,
    first: rest,
    take(bytes) {
      const all = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
      const whole = all.length - (all.length % frame);
      rest = all.subarray(whole);
      return all.subarray(0, whole);
    },
    end: () => new Uint8Array(0),
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, "");
}
