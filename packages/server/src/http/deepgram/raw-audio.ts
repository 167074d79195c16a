import { createReadStream } from "node:fs";
import { pcmToChannels, SttError } from "@stt/core";
import type { DecodedChunk, DecodingLimits } from "../../audio-decoders/audio-decoder.js";
import { engineAudio } from "../../audio-decoders/engine-audio.js";
import { type AnnouncedAudio, AudioInput } from "./audio-input.js";

/** Reads a file that holds bare samples, as its sender announced them. */
export function openRawAudio(announced: AnnouncedAudio) {
  return async (path: string, limits: DecodingLimits, signal: AbortSignal): Promise<AsyncIterable<Float32Array>> =>
    engineAudio(chunks(path, announced, signal), limits.maxDurationMs);
}

async function* chunks(path: string, announced: AnnouncedAudio, signal: AbortSignal): AsyncGenerator<DecodedChunk> {
  const input = new AudioInput(announced);
  const format = input.format!;
  let isEmpty = true;
  for await (const bytes of createReadStream(path, { signal })) {
    const { pcm, samples } = input.decode(bytes as Buffer);
    if (samples === 0) continue;
    isEmpty = false;
    const channels = Array.from({ length: format.channels }, () => new Float32Array(samples));
    pcmToChannels(pcm, format, channels);
    yield { channels, sampleRate: format.sampleRate };
  }
  if (isEmpty) throw new SttError("bad_audio", "The audio is empty.");
}
