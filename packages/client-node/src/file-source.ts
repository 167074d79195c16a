/** A file as an audio source. */
import { type FileHandle, open } from "node:fs/promises";
import { type AudioSource, isSttError, JoinedWavDecoder, messageOf, SttError, wavBeginning } from "@stt/core";
import { checkArgument, checkOptions, type Field, type OptionShape, within } from "@stt/core/callers";
import { ffmpegSource } from "./ffmpeg-source.js";

export interface FileSourceOptions {
  /** Audio of one chunk, milliseconds. @default 100 */
  chunkMs?: number;
}

const PATH: Field<string> = {
  expected: "the path of a file",
  is: (value): value is string => typeof value === "string" && value !== "",
};
const OPTIONS: OptionShape<FileSourceOptions> = { chunkMs: within(1, 60_000) };

/** Bytes read at once until the audio begins. */
const HEAD_BYTES = 4096;
/** Behind the audio, another file is looked for in so much. */
const BEHIND_BYTES = 65_536;

/** Of a WAV file in which there is nothing to hear, for ffmpeg neither. */
const SILENT = /empty|no audio/;

/**
 * Opens a sound file. WAV (RF64, BW64) is read as it is sent, so its length costs no memory: any rate from 8 to 192 kHz, 8 to 32
 * bits, float, A-law or mu-law, up to 64 channels; of joined files all are read, in the format of the first, and their length is not known
 * beforehand. Everything else (MP3, FLAC, Ogg, M4A, WebM, ...) is read through the ffmpeg of this
 * machine, where there is one; its length is not known beforehand.
 *
 * @throws SttError `invalid_argument`; `io_error` when it cannot be read, `unsupported_media` or `bad_audio` when nothing here can read it
 * or it holds no audio.
 */
export async function fileSource(path: string, options: FileSourceOptions = {}): Promise<AudioSource> {
  checkArgument("fileSource", path, PATH);
  checkOptions("fileSource", options, OPTIONS);
  const file = await attempt(path, () => open(path, "r"));
  try {
    return await attempt(path, () => openSource(file, path, options.chunkMs ?? 100));
  } catch (error) {
    await file.close();
    const isOtherKind = isSttError(error) && error.code !== "io_error" && !SILENT.test(error.message);
    const source = isOtherKind ? await ffmpegSource(path) : undefined;
    if (source) return source;
    throw error;
  }
}

async function openSource(file: FileHandle, path: string, chunkMs: number): Promise<AudioSource> {
  const decoder = new JoinedWavDecoder();
  const { size } = await file.stat();
  let first = new Uint8Array(0);
  while (!decoder.header) {
    const bytes = await readNext(file, HEAD_BYTES);
    if (bytes.length === 0) decoder.end();
    first = new Uint8Array(decoder.push(bytes));
  }
  const { dataOffset, dataBytes = Number.POSITIVE_INFINITY, frameBytes, sampleRate } = decoder.header;
  if (sampleRate < 8000 || sampleRate > 192_000) {
    throw new SttError("bad_audio", `Its sample rate is ${sampleRate} Hz; 8000 to 192000 are supported.`);
  }
  const frames = Math.floor(Math.min(dataBytes, size - dataOffset) / frameBytes);
  if (frames === 0) throw new SttError("bad_audio", "It contains no audio.");
  const behind = await readAt(file, dataOffset + dataBytes, BEHIND_BYTES);
  const isJoined = wavBeginning(behind) >= 0;
  const step = Math.max(1, Math.round((sampleRate * chunkMs) / 1000)) * frameBytes;

  async function* chunks(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (first.length > 0) yield first;
    while (!signal.aborted) {
      const bytes = await attempt(path, () => readNext(file, step));
      const pcm = bytes.length > 0 ? decoder.push(bytes) : decoder.end();
      if (pcm.length > 0) yield pcm;
      if (bytes.length === 0) return;
    }
  }

  let closing: Promise<void> | undefined;
  return {
    format: decoder.format!,
    ...(!isJoined && { durationMs: (frames / sampleRate) * 1000 }),
    chunks,
    close: () => {
      closing ??= file.close();
      return closing;
    },
  };
}

/** The next bytes of the file; none at its end. */
async function readNext(file: FileHandle, length: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, null);
  return buffer.subarray(0, bytesRead);
}

/** Reads elsewhere; what is read next stays where it was. */
async function readAt(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  if (!Number.isFinite(offset)) return new Uint8Array(0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return buffer.subarray(0, bytesRead);
}

/** Failures as sentences that name the file. */
async function attempt<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw sentenceOf(path, error);
  }
}

function sentenceOf(path: string, error: unknown): SttError {
  if (isSttError(error)) {
    const reason = error.message.replace(/^The WAV file cannot be read\. /, "").replace(/\.$/, "");
    const remedy = /empty|no audio/.test(reason) ? "" : ` (ffmpeg -i ${path} -ar 16000 -ac 1 OUTPUT.wav makes one)`;
    const sentence = `${path} is not a WAV file that can be used: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}${remedy}.`;
    return new SttError(error.code, sentence, { cause: error });
  }
  const { code } = error as NodeJS.ErrnoException;
  const sentences: Record<string, string> = {
    ENOENT: `${path} does not exist.`,
    EISDIR: `${path} is a directory, not a WAV file.`,
    EACCES: `${path} may not be read: permission denied.`,
  };
  return new SttError("io_error", sentences[code ?? ""] ?? `${path} cannot be read: ${messageOf(error)}.`, {
    cause: error,
  });
}
