import type { FinalWord } from "@stt/core";
import { seconds } from "../../http/deepgram/deepgram-words.js";
import type { TurnThresholds } from "./turn-options.js";

export interface TurnWord {
  /** With its punctuation. */
  word: string;
  start: number;
  end: number;
  confidence: number;
}

export type TurnEventName = "StartOfTurn" | "Update" | "EagerEndOfTurn" | "TurnResumed" | "EndOfTurn";

/** What is told of a turn; times are seconds. */
export interface TurnInfo {
  type: "TurnInfo";
  event: TurnEventName;
  turn_index: number;
  audio_window_start: number;
  audio_window_end: number;
  transcript: string;
  words: TurnWord[];
  /** As the model of turns says it, once it was asked; 1 where a turn has ended without it, 0 before. */
  end_of_turn_confidence: number;
  /** What ended the turn. */
  trigger?: "model" | "manual" | "timeout";
  languages?: string[];
}

/** What the server says on a `/v2/listen` socket, less the numbers that {@link numbered} adds. */
export type TurnMessage =
  | { type: "Connected" }
  | TurnInfo
  | {
      type: "ConfigureSuccess";
      thresholds: TurnThresholds;
      keyterms: readonly string[];
      language_hints?: readonly string[];
      numerals?: boolean;
    }
  | { type: "ConfigureFailure"; code: string; description: string }
  | { type: "Warning"; code: string; description: string }
  | { type: "Error"; code: string; description: string };

export function turnWord({ text, startMs, endMs, confidence }: FinalWord): TurnWord {
  return { word: text, start: seconds(startMs), end: seconds(endMs), confidence };
}
