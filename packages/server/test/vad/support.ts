import { VAD_FRAME_SAMPLES, type VadStream, type VoiceActivityDetector } from "@stt/core";

/** Cuts audio into whole VAD frames; the rest is dropped. */
export function framesOf(audio: Float32Array): Float32Array[] {
  const count = Math.floor(audio.length / VAD_FRAME_SAMPLES);
  return Array.from({ length: count }, (_, i) => audio.subarray(i * VAD_FRAME_SAMPLES, (i + 1) * VAD_FRAME_SAMPLES));
}

/** Joins pieces of audio. */
export function concat(...parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** White noise of the given level (dB of full scale), the same at every call. */
export function whiteNoise(samples: number, decibels: number): Float32Array {
  const peak = Math.sqrt(3) * 10 ** (decibels / 20);
  let seed = 1;
  return Float32Array.from({ length: samples }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return peak * (seed / 2 ** 31 - 1);
  });
}

/** Adds `sound` to `ground`, from `at` on. */
export function mixedInto(ground: Float32Array, sound: Float32Array, at: number): Float32Array {
  const mixed = ground.slice();
  for (let i = 0; i < sound.length; i++) mixed[at + i]! += sound[i]!;
  return mixed;
}

/** Pushes frames on a stream of its own. @returns their probabilities, once all are there. */
export function probabilitiesOf(vad: VoiceActivityDetector, frames: readonly Float32Array[]): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const probabilities: number[] = [];
    const stream: VadStream = vad.createStream({
      onProbability(probability) {
        probabilities.push(probability);
        if (probabilities.length < frames.length) return;
        stream.close();
        resolve(probabilities);
      },
      onError: reject,
    });
    for (const frame of frames) stream.push(frame);
  });
}
