/** The head of a WAV file, read through a window: the audio itself stays on disk. */
import type { FileHandle } from "node:fs/promises";
import { SttError } from "@stt/core";

/** How samples are stored. */
export type WavSampleType = "u8" | "s16" | "s24" | "s32" | "f32" | "f64";

export interface WavHeader {
  sampleType: WavSampleType;
  sampleRate: number;
  channels: number;
  /** Bytes of one sample of every channel. */
  frameBytes: number;
  /** Offset of the first sample in the file. */
  dataOffset: number;
  /** Bytes of audio that are really there, in whole frames. */
  dataBytes: number;
}

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

/**
 * @param name for error sentences.
 * @throws SttError `bad_audio`
 */
export async function readWavHeader(file: FileHandle, name: string): Promise<WavHeader> {
  const { size } = await file.stat();
  if (size === 0) throw new SttError("bad_audio", `${name} is empty.`);
  const riff = await readAt(file, 0, 12);
  const magic = riff.toString("latin1", 0, 4);
  if (riff.length < 12 || (magic !== "RIFF" && magic !== "RF64") || riff.toString("latin1", 8, 12) !== "WAVE") {
    throw new SttError(
      "bad_audio",
      `${name} is not a WAV file; convert it first: ffmpeg -i INPUT -ar 16000 -ac 1 OUTPUT.wav`,
    );
  }
  let format: Pick<WavHeader, "sampleType" | "sampleRate" | "channels" | "frameBytes"> | undefined;
  for (let at = 12; at + 8 <= size; ) {
    const chunk = await readAt(file, at, 8);
    const id = chunk.toString("latin1", 0, 4);
    const length = chunk.readUInt32LE(4);
    if (id === "fmt ") format = parseFormat(await readAt(file, at + 8, Math.min(length, 40)), name);
    if (id === "data") {
      if (!format) break;
      const dataOffset = at + 8;
      // Programs that write to a pipe cannot know the length: they leave 0 or the largest number, as RF64 always does.
      const there = size - dataOffset;
      const dataBytes = length === 0 || length === 0xffffffff ? there : Math.min(length, there);
      const whole = dataBytes - (dataBytes % format.frameBytes);
      if (whole === 0) throw new SttError("bad_audio", `${name} contains no audio.`);
      return { ...format, dataOffset, dataBytes: whole };
    }
    // Chunks are padded to an even length.
    at += 8 + length + (length % 2);
  }
  throw new SttError("bad_audio", `${name} is a damaged WAV file: it has no ${format ? "audio data" : "format"}.`);
}

function parseFormat(
  fmt: Buffer,
  name: string,
): Pick<WavHeader, "sampleType" | "sampleRate" | "channels" | "frameBytes"> {
  if (fmt.length < 16) throw new SttError("bad_audio", `${name} is a damaged WAV file: its format is cut short.`);
  let code = fmt.readUInt16LE(0);
  const channels = fmt.readUInt16LE(2);
  const sampleRate = fmt.readUInt32LE(4);
  const bits = fmt.readUInt16LE(14);
  // The real code of an extensible format begins its sub-format GUID.
  if (code === EXTENSIBLE && fmt.length >= 26) code = fmt.readUInt16LE(24);
  const sampleType = sampleTypeOf(code, bits);
  if (!sampleType) {
    throw new SttError(
      "bad_audio",
      `${name} is a WAV file with ${bits}-bit samples of format ${code}; convert it first: ffmpeg -i INPUT -c:a pcm_s16le OUTPUT.wav`,
    );
  }
  if (channels < 1) throw new SttError("bad_audio", `${name} is a damaged WAV file: it has no channels.`);
  if (sampleRate < 8000 || sampleRate > 192_000) {
    throw new SttError("bad_audio", `${name} has a sample rate of ${sampleRate} Hz; 8000 to 192000 are supported.`);
  }
  return { sampleType, sampleRate, channels, frameBytes: (bits / 8) * channels };
}

function sampleTypeOf(code: number, bits: number): WavSampleType | undefined {
  if (code === PCM) return ({ 8: "u8", 16: "s16", 24: "s24", 32: "s32" } as const)[bits as 8];
  if (code === FLOAT) return ({ 32: "f32", 64: "f64" } as const)[bits as 32];
  return undefined;
}

/** Exactly `length` bytes, or fewer at the end of the file. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
