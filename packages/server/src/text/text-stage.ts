import type { FinalWord } from "@stt/core";
import type { SessionSettings } from "../settings/session-settings.js";

/** A run of a final's text, and its words where they were asked for. */
export interface TextPiece {
  text: string;
  words?: FinalWord[] | undefined;
}

/** Text that is still being spoken. */
export interface LiveText {
  /** Only grows: a stage must give the same text for the same beginning. */
  committed: string;
  tentative: string;
}

export interface TextContext {
  settings: SessionSettings;
  /** ISO 639-1 code of what was spoken. */
  language: string;
  /** What a reader was shown as certain before the final came. */
  shown?: string | undefined;
  /** The end of the text whose sentence this one goes on with, after a forced split or a resume; empty otherwise. @default "" */
  before?: string | undefined;
  /** The utterance was cut at its greatest length: the next one goes on with its sentence. @default false */
  continues?: boolean | undefined;
}

/**
 * One kind of work on text. Live text and finals pass the same stages, so that nothing jumps when the final comes; words and
 * segments are worked on with the text, so that all three always read the same.
 */
export interface TextStage {
  /** @param pieces of one utterance, in order; the result has as many, of which some may be empty */
  final<T extends TextPiece>(pieces: readonly T[], context: TextContext): T[];
  live(text: LiveText, context: TextContext): LiveText;
}
