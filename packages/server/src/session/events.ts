import type { HypothesisWord, ServerMessageOf } from "@stt/core";
import type { NoTextRule } from "../decoding/final-pipeline.js";

/** Live text of the utterance that is being spoken. */
export type PartialEvent = ServerMessageOf<"partial"> & {
  /** What the model heard, before it was worked on: where and how surely. Its texts are not to be shown. */
  heard: readonly HypothesisWord[];
};
/** The text of an utterance. */
export type FinalEvent = ServerMessageOf<"final">;

/** Where the speaker's turn stands. */
export type TurnEvent = ServerMessageOf<"turn">;

/**
 * What happened in a session, whatever the wire. Times are milliseconds on the session's audio timeline, sample counts are at
 * the declared input rate.
 */
export type SessionEvent =
  /** Speech began. */
  | { type: "speech_start"; utterance: number; atMs: number }
  /** Silence after speech is being counted. */
  | { type: "silence_start"; utterance: number; atMs: number }
  /** Speech went on before the silence was long enough. */
  | { type: "silence_end"; utterance: number; atMs: number }
  /** The utterance is over; its `final` or `discarded` follows. */
  | { type: "speech_end"; utterance: number; atMs: number }
  /** What will be decoded for the final: 16 kHz mono, [-1, 1]; not to be written to. Follows `speech_end`. */
  | { type: "utterance_audio"; utterance: number; audio: Float32Array }
  | PartialEvent
  | FinalEvent
  | TurnEvent
  /** The utterance has no text: nobody spoke, or it was given up on command. `reason` says more, in words for a log. */
  | {
      type: "discarded";
      utterance: number;
      rule: NoTextRule;
      reason: string;
      revision: number;
      atMs: number;
      language: string;
    }
  | { type: "progress"; receivedSamples: number; finalizedSamples: number }
  | { type: "warning"; code: string; message: string }
  /**
   * Something went wrong; unless it is fatal, the session goes on. With `utterance` that one could not be decoded: its
   * `discarded` follows.
   */
  | { type: "error"; code: string; message: string; fatal: boolean; utterance?: number }
  /** Everything was flushed. */
  | { type: "end"; audioMs: number; utterances: number };

export type SessionEventOf<T extends SessionEvent["type"]> = Extract<SessionEvent, { type: T }>;
export type SessionListener = (event: SessionEvent) => void;
