import type { Transcription } from "@stt/core";

/** Mean probability of a token, 0..1, by the segments' mean log probabilities. */
export function confidenceOf(transcriptions: readonly Transcription[]): number {
  let tokens = 0;
  let sum = 0;
  for (const { segments } of transcriptions) {
    for (const { averageLogProbability, tokenCount } of segments) {
      tokens += tokenCount;
      sum += averageLogProbability * tokenCount;
    }
  }
  return tokens === 0 ? 0 : round(Math.exp(sum / tokens), 3);
}

/** Rounded half up. @param digits behind the point */
export function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
