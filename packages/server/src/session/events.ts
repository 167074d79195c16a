import type { FinalWord } from "@stt/core";

/**
 * What a session tells its transport, whatever the wire. Times are milliseconds on the session's audio timeline, sample
 * counts are at the declared input rate.
 */
export type SessionEvent =
  /** Speech began. */
  | { type: "speech_start"; utterance: number; atMs: number }
  /** Silence after speech is being counted. */
  | { type: "silence_start"; utterance: number; atMs: number }
  /** Speech went on before the silence was long enough. */
  | { type: "silence_end"; utterance: number; atMs: number }
  /** The utterance is over; its final follows. */
  | { type: "speech_end"; utterance: number; atMs: number }
  /** What will be decoded for the final: 16 kHz mono, [-1, 1]; not to be written to. Follows `speech_end`. */
  | { type: "utterance_audio"; utterance: number; audio: Float32Array }
  | {
      type: "partial";
      utterance: number;
      revision: number;
      committed: string;
      tentative: string;
      startMs: number;
      endMs: number;
      language: string;
    }
  | {
      type: "final";
      utterance: number;
      text: string;
      startMs: number;
      endMs: number;
      finalizedSamples: number;
      continues?: boolean;
      language: string;
      languageSettled?: boolean;
      confidence: number;
      words?: FinalWord[];
    }
  /** The utterance held nothing worth a text; `reason` names the rule or command that said so. */
  | { type: "discarded"; utterance: number; reason: string; revision: number; atMs: number; language: string }
  | { type: "progress"; receivedSamples: number; finalizedSamples: number }
  | { type: "warning"; code: string; message: string }
  /** Something went wrong; unless it is fatal, the session goes on. */
  | { type: "error"; code: string; message: string; fatal: boolean }
  /** The server is about to end: the client should resume elsewhere within this time. */
  | { type: "draining"; resumeWithinMs: number }
  /** The server ends very soon: what was said must become text now. */
  | { type: "flushing" }
  /** Everything was flushed. */
  | { type: "end"; audioMs: number; utterances: number };

export type SessionListener = (event: SessionEvent) => void;
