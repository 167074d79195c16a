import {
  checkHallucination,
  collapseLoops,
  ENGINE_SAMPLE_RATE,
  type HallucinationSign,
  joinText,
  joinWords,
  repetitiveness,
  type SpeechEvidence,
  splitWords,
  type Transcription,
  type TranscriptionSegment,
} from "@stt/core";
import { cutAtPauses } from "./cut-at-pauses.js";
import type { FinalOverrides } from "./decoder.js";

/** Higher than OpenAI's first step of 0.2, and one try instead of five: somebody waits. */
const WARM_TEMPERATURE = 0.4;
/** Pieces are long enough for a sentence and too short to loop for long, milliseconds. */
const PIECE_MS = 4000;

/** A transcription, and the sign against it if there is one. */
export interface Candidate {
  transcription: Transcription;
  sign?: HallucinationSign | undefined;
}

export interface RepairOptions {
  audio: Float32Array;
  evidence: SpeechEvidence;
  /** Whether the first decode saw the model's full window. */
  fullWindow: boolean;
  decode(audio: Float32Array, overrides: FinalOverrides): Promise<Transcription>;
}

/**
 * Decodes again what looks broken, until a text stands without a sign against it: with the full window (a window cut tight makes
 * Whisper loop), warmer, as OpenAI's reference does, and piece by piece at the pauses. The number of tries is bounded, since the
 * next utterance waits. When none helps, the least repetitive is taken, and its loops are taken out of it.
 */
export async function repair(first: Candidate, options: RepairOptions): Promise<Candidate> {
  const { audio, evidence, fullWindow, decode } = options;
  const tries: (() => Promise<Candidate>)[] = [
    () => whole({ audioContext: "full", temperature: WARM_TEMPERATURE }),
    () => decodePieces(audio, decode, first),
  ];
  if (!fullWindow) tries.unshift(() => whole({ audioContext: "full" }));
  async function whole(overrides: FinalOverrides): Promise<Candidate> {
    return { transcription: await decode(audio, overrides) };
  }
  let best = first;
  for (const attempt of tries) {
    const { transcription, sign } = await attempt();
    const candidate = { transcription, sign: sign ?? checkDecoded(transcription, evidence) };
    if (!candidate.sign) return candidate;
    if (isBetter(transcription, best.transcription)) best = candidate;
  }
  const transcription = withoutLoops(best.transcription);
  return { transcription, sign: best.sign };
}

/** Speech from which an empty text is a fault of the decoder, milliseconds. */
const HEARD_SPEECH_MS = 300;

/** {@link checkHallucination}, and whether a decoder found no words where somebody spoke. */
export function checkDecoded(transcription: Transcription, evidence: SpeechEvidence): HallucinationSign | undefined {
  if (transcription.text.trim() !== "") return checkHallucination(transcription, evidence);
  const spoken = evidence.speechMs >= HEARD_SPEECH_MS;
  return { kind: spoken ? "broken" : "no_speech", rule: "empty", reason: "the decoder found no words" };
}

function isBetter({ text }: Transcription, than: Transcription): boolean {
  if (text.trim() === "") return false;
  return than.text.trim() === "" || repetitiveness(text) < repetitiveness(than.text);
}

/**
 * In one language, since a piece alone proves less than the whole.
 *
 * @param first its language is that of the pieces; its sign stays where a piece has a loop as well
 */
async function decodePieces(
  audio: Float32Array,
  decode: RepairOptions["decode"],
  { transcription: { language, languageProbability }, sign: doubt }: Candidate,
): Promise<Candidate> {
  const starts = cutAtPauses(audio, PIECE_MS);
  const pieces: Transcription[] = [];
  let looped = false;
  // One after another: side by side they would take the lanes from other speakers.
  for (const [i, start] of starts.entries()) {
    const decoded = await decode(audio.subarray(start, starts[i + 1]), { language });
    const piece = withoutLoops(decoded);
    looped ||= piece !== decoded;
    pieces.push(shifted(piece, (start * 1000) / ENGINE_SAMPLE_RATE));
  }
  const [head] = pieces;
  const text = pieces.reduce((whole, piece) => joinText(whole, piece.text, language), "");
  const transcription = {
    ...head!,
    ...(languageProbability !== undefined && { languageProbability }),
    text,
    segments: pieces.flatMap(({ segments }) => segments),
  };
  return { transcription, sign: looped ? doubt : undefined };
}

function shifted(transcription: Transcription, byMs: number): Transcription {
  const segments = transcription.segments.map((segment) => ({
    ...segment,
    startMs: segment.startMs + byMs,
    endMs: segment.endMs + byMs,
    ...(segment.words && {
      words: segment.words.map((word) => ({ ...word, startMs: word.startMs + byMs, endMs: word.endMs + byMs })),
    }),
  }));
  return { ...transcription, segments };
}

/** The loops go, the rest stays, across the segments; the same object when there is no loop. */
export function withoutLoops(transcription: Transcription): Transcription {
  const { segments, language } = transcription;
  const wordsBySegment = segments.map((segment) => segment.words?.map(({ text }) => text) ?? splitWords(segment.text));
  const words = wordsBySegment.flat();
  const kept = new Set(collapseLoops(words));
  if (kept.size === words.length) return transcription;
  const shortened: TranscriptionSegment[] = [];
  let first = 0;
  for (const [i, segment] of segments.entries()) {
    const here = wordsBySegment[i]!;
    const stays = (_: unknown, index: number) => kept.has(first + index);
    const text = joinWords(here.filter(stays), language);
    if (text !== "") shortened.push({ ...segment, text, ...(segment.words && { words: segment.words.filter(stays) }) });
    first += here.length;
  }
  return {
    ...transcription,
    segments: shortened,
    text: shortened.reduce((whole, { text }) => joinText(whole, text, language), ""),
  };
}
