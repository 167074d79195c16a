/** A WAV file as an audio source. */
import { type FileHandle, open } from "node:fs/promises";
import { type AudioSource, messageOf, SttError } from "@stt/core";
import { readWavHeader, type WavHeader } from "./wav-header.js";
import { convertSamples, wireFormatOf } from "./wav-samples.js";

export interface FileSourceOptions {
  /** Audio of one chunk, milliseconds. @default 100 */
  chunkMs?: number;
}

/**
 * Opens a WAV file: any rate from 8 to 192 kHz, any number of channels, 8 to 32 bits or float. It is read as it is sent, so
 * its length costs no memory.
 *
 * @throws SttError `io_error` when it cannot be read, `bad_audio` when it is not a WAV file or holds no audio.
 */
export async function fileSource(path: string, options: FileSourceOptions = {}): Promise<AudioSource> {
  const file = await openFile(path);
  let header: WavHeader;
  try {
    header = await readWavHeader(file, path);
  } catch (error) {
    await file.close();
    throw readError(path, error);
  }
  let closing: Promise<void> | undefined;
  return {
    format: wireFormatOf(header),
    durationMs: (header.dataBytes / header.frameBytes / header.sampleRate) * 1000,
    chunks: (signal) => readChunks(file, path, header, options.chunkMs ?? 100, signal),
    close: () => (closing ??= file.close()),
  };
}

async function* readChunks(
  file: FileHandle,
  path: string,
  header: WavHeader,
  chunkMs: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const step = Math.max(1, Math.round((header.sampleRate * chunkMs) / 1000)) * header.frameBytes;
  for (let at = 0; at < header.dataBytes && !signal.aborted; at += step) {
    const bytes = Buffer.alloc(Math.min(step, header.dataBytes - at));
    let filled = 0;
    while (filled < bytes.length) {
      const bytesRead = await readInto(file, path, bytes, filled, header.dataOffset + at + filled);
      if (bytesRead === 0) throw new SttError("io_error", `${path} became shorter while it was read.`);
      filled += bytesRead;
    }
    yield convertSamples(bytes, header);
  }
}

async function readInto(file: FileHandle, path: string, bytes: Buffer, at: number, position: number): Promise<number> {
  try {
    return (await file.read(bytes, at, bytes.length - at, position)).bytesRead;
  } catch (error) {
    throw readError(path, error);
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    throw readError(path, error);
  }
}

function readError(path: string, error: unknown): SttError {
  if (error instanceof SttError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const sentences: Record<string, string> = {
    ENOENT: `${path} does not exist.`,
    EISDIR: `${path} is a directory, not a WAV file.`,
    EACCES: `${path} may not be read: permission denied.`,
  };
  return new SttError("io_error", sentences[code ?? ""] ?? `${path} cannot be read: ${messageOf(error)}.`, {
    cause: error,
  });
}
