import { open } from "node:fs/promises";
import { pcmToChannels, SttError } from "@stt/core";
import type { DecodedChunk, DecodingLimits } from "./audio-decoder.js";
import { engineAudio } from "./engine-audio.js";
import { openAudioFile } from "./open-audio-file.js";

const FORMAT = { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 } as const;
const FRAME_BYTES = 2;
const WINDOW_BYTES = FORMAT.sampleRate * FRAME_BYTES;

/**
 * Reads a file that is said to be bare samples: 16 bits, little endian, mono, 16 kHz, no header. A WAV file is read by its header
 * all the same, for that is what its sender meant.
 *
 * @throws SttError `bad_audio` for an empty file, `too_large` past the longest duration, `aborted`.
 */
export async function openRawPcm(
  path: string,
  limits: DecodingLimits,
  signal: AbortSignal,
): Promise<AsyncIterable<Float32Array>> {
  const file = await open(path);
  const head = Buffer.alloc(12);
  const { bytesRead } = await file.read(head, 0, head.length, 0).finally(() => file.close());
  if (bytesRead < FRAME_BYTES) throw new SttError("bad_audio", "The audio file is empty.");
  const isWav = head.toString("latin1", 0, 4) === "RIFF" && head.toString("latin1", 8, 12) === "WAVE";
  return isWav ? openAudioFile(path, limits, signal) : engineAudio(chunks(path, signal), limits.maxDurationMs);
}

async function* chunks(path: string, signal: AbortSignal): AsyncGenerator<DecodedChunk> {
  const file = await open(path);
  try {
    for (;;) {
      signal.throwIfAborted();
      const window = new Uint8Array(WINDOW_BYTES);
      // A regular file is read to the end of the window, or to its own.
      const { bytesRead } = await file.read(window, 0, WINDOW_BYTES);
      const frames = Math.floor(bytesRead / FRAME_BYTES);
      if (frames === 0) return;
      const channels = [new Float32Array(frames)];
      pcmToChannels(window.subarray(0, frames * FRAME_BYTES), FORMAT, channels);
      yield { channels, sampleRate: FORMAT.sampleRate };
    }
  } finally {
    await file.close();
  }
}
