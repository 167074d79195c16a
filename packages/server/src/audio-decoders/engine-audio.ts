import { ENGINE_SAMPLE_RATE, StreamingResampler, SttError } from "@stt/core";
import type { DecodedChunk } from "./audio-decoder.js";

const PIECE_SAMPLES = ENGINE_SAMPLE_RATE;
const MIN_RATE = 4000;
const MAX_RATE = 384_000;

/**
 * Mixes all channels to one and resamples to 16 kHz.
 *
 * @returns pieces of at most a second, each with its own memory
 * @throws SttError `bad_audio` for a sample rate that no recording has; `too_large` past `maxDurationMs`.
 */
export async function* engineAudio(
  chunks: AsyncIterable<DecodedChunk>,
  maxDurationMs: number,
): AsyncGenerator<Float32Array> {
  const most = (maxDurationMs * ENGINE_SAMPLE_RATE) / 1000;
  let given = 0;
  let rate = 0;
  let resampler = new StreamingResampler(ENGINE_SAMPLE_RATE, ENGINE_SAMPLE_RATE);
  function* pieces(samples: Float32Array): Generator<Float32Array> {
    for (let at = 0; at < samples.length; at += PIECE_SAMPLES) {
      const piece = samples.slice(at, at + PIECE_SAMPLES);
      given += piece.length;
      if (given > most) throw tooLong(maxDurationMs);
      yield piece;
    }
  }
  for await (const { channels, sampleRate } of chunks) {
    if (sampleRate !== rate) {
      if (!(sampleRate >= MIN_RATE && sampleRate <= MAX_RATE)) {
        throw new SttError("bad_audio", `The file claims a sample rate of ${sampleRate} Hz: it is damaged.`);
      }
      yield* pieces(resampler.flush());
      resampler = new StreamingResampler(sampleRate, ENGINE_SAMPLE_RATE);
      rate = sampleRate;
    }
    // A second at a time: a chunk may hold an hour, and most of it may be beyond the limit.
    for (let at = 0; at < channels[0]!.length; at += sampleRate) {
      yield* pieces(resampler.process(mixed(channels.map((channel) => channel.subarray(at, at + sampleRate)))));
    }
  }
  yield* pieces(resampler.flush());
}

function mixed(channels: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(Math.min(...channels.map((channel) => channel.length)));
  for (const channel of channels) for (let i = 0; i < out.length; i++) out[i]! += channel[i]!;
  for (let i = 0; i < out.length; i++) {
    const sample = out[i]! / channels.length;
    // One sample that is no number would stay in the resampler for good.
    out[i] = Number.isNaN(sample) ? 0 : Math.max(-1, Math.min(1, sample));
  }
  return out;
}

/** The refusal of a file that is longer than allowed. */
export function tooLong(maxDurationMs: number): SttError {
  return new SttError(
    "too_large",
    `The audio is longer than ${Math.round(maxDurationMs / 1000)} s, the most this server takes (MAX_UPLOAD_DURATION). Split the file.`,
  );
}
