import { ENGINE_SAMPLE_RATE, MonoResampler, SttError } from "@stt/core";
import type { DecodedChunk } from "./audio-decoder.js";

const PIECE_SAMPLES = ENGINE_SAMPLE_RATE;
const MIN_RATE = 4000;
const MAX_RATE = 384_000;

/**
 * Mixes all channels to one and resamples to 16 kHz; both may change from chunk to chunk.
 *
 * @returns pieces of at most a second, each with its own memory
 * @throws SttError `bad_audio` for a sample rate or a number of channels that no recording has; `too_large` past `maxDurationMs`.
 */
export async function* engineAudio(
  chunks: AsyncIterable<DecodedChunk>,
  maxDurationMs: number,
): AsyncGenerator<Float32Array> {
  const most = (maxDurationMs * ENGINE_SAMPLE_RATE) / 1000;
  let given = 0;
  let rate = 0;
  let count = 0;
  let resampler: MonoResampler | undefined;
  function* pieces(samples: Float32Array): Generator<Float32Array> {
    for (let at = 0; at < samples.length; at += PIECE_SAMPLES) {
      const piece = samples.slice(at, at + PIECE_SAMPLES);
      given += piece.length;
      if (given > most) throw tooLong(maxDurationMs);
      yield piece;
    }
  }
  for await (const { channels, sampleRate } of chunks) {
    if (sampleRate !== rate || channels.length !== count) {
      if (!(sampleRate >= MIN_RATE && sampleRate <= MAX_RATE)) {
        throw new SttError("bad_audio", `The file claims a sample rate of ${sampleRate} Hz: it is damaged.`);
      }
      if (resampler) yield* pieces(resampler.flush());
      resampler = new MonoResampler(channels.length, sampleRate, ENGINE_SAMPLE_RATE);
      rate = sampleRate;
      count = channels.length;
    }
    // A second at a time: a chunk may hold an hour, and most of it may be beyond the limit.
    for (let at = 0; at < channels[0]!.length; at += sampleRate) {
      yield* pieces(resampler!.process(channels.map((channel) => sane(channel.subarray(at, at + sampleRate)))));
    }
  }
  if (resampler) yield* pieces(resampler.flush());
}

/** One sample that is no number would stay in a filter for good. */
function sane(samples: Float32Array): Float32Array {
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!;
    if (!(sample >= -1 && sample <= 1)) samples[i] = sample > 1 ? 1 : sample < -1 ? -1 : 0;
  }
  return samples;
}

/** The refusal of a file that is longer than allowed. */
function tooLong(maxDurationMs: number): SttError {
  return new SttError(
    "too_large",
    `The audio is longer than ${Math.round(maxDurationMs / 1000)} s, the most this server takes (MAX_UPLOAD_DURATION). Split the file.`,
  );
}
