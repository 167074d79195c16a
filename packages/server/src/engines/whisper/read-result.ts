import { ENGINE_SAMPLE_RATE, type Transcription, type TranscriptionSegment } from "@stt/core";
import type { NativeResult } from "./addon.js";
import { decodeText, mergeWords, type TextToken } from "./words.js";

/** What {@link readResult} needs to know beyond the addon's arrays. */
export interface ResultContext {
  samples: number;
  /** Tokens from this id on are timestamps and other marks, not text. */
  endOfTextToken: number;
  words: boolean;
  computeMs: number;
}

const MS_PER_CENTISECOND = 10;

/** Turns the addon's flat arrays into the engine's result. */
export function readResult(result: NativeResult, context: ResultContext): Transcription {
  const audioMs = (context.samples / ENGINE_SAMPLE_RATE) * 1000;
  const toMs = (centiseconds: number): number => Math.min(audioMs, Math.max(0, centiseconds * MS_PER_CENTISECOND));
  const segments: TranscriptionSegment[] = [];
  let firstToken = 0;
  let lastWordEndMs = 0;

  for (const [index, endToken] of result.segmentTokenEnds.entries()) {
    const tokens: TextToken[] = [];
    const textBytes: number[] = [];
    let logProbability = 0;
    for (let token = firstToken; token < endToken; token++) {
      const bytes = result.bytes.subarray(
        token === 0 ? 0 : result.tokenByteEnds[token - 1]!,
        result.tokenByteEnds[token]!,
      );
      if (result.tokenIds[token]! >= context.endOfTextToken || bytes.length === 0) continue;
      textBytes.push(...bytes);
      logProbability += result.tokenLogProbabilities[token]!;
      tokens.push({
        bytes,
        startMs: toMs(result.tokenTimes[2 * token]!),
        endMs: toMs(result.tokenTimes[2 * token + 1]!),
        probability: result.tokenProbabilities[token]!,
      });
    }
    firstToken = endToken;

    const text = decodeText(Uint8Array.from(textBytes)).trim();
    if (text === "") continue;
    const startMs = toMs(result.segmentTimes[2 * index]!);
    const segment: TranscriptionSegment = {
      text,
      startMs,
      endMs: Math.max(startMs, toMs(result.segmentTimes[2 * index + 1]!)),
      noSpeechProbability: result.noSpeechProbabilities[index]!,
      averageLogProbability: logProbability / tokens.length,
      tokenCount: tokens.length,
    };
    if (context.words) {
      segment.words = mergeWords(tokens, result.language, lastWordEndMs);
      lastWordEndMs = segment.words.at(-1)?.endMs ?? lastWordEndMs;
    }
    segments.push(segment);
  }

  return {
    text: joinSegments(segments, result.language),
    language: result.language,
    ...(result.languageProbability >= 0 && { languageProbability: result.languageProbability }),
    segments,
    audioMs,
    computeMs: context.computeMs,
  };
}

function joinSegments(segments: readonly TranscriptionSegment[], language: string): string {
  // Chinese and Japanese put no space between sentences.
  const separator = language === "zh" || language === "ja" || language === "yue" ? "" : " ";
  return segments.map((segment) => segment.text).join(separator);
}
