import type { FinalWord } from "@stt/core";

/** What is told of a call. Times are milliseconds from its start. */
export type CallEventBody =
  | {
      type: "call_start";
      wire: string;
      /** What the telephone system says of the call, such as `<Parameter>` of Twilio. */
      parameters: Record<string, string>;
      /** What it asked for and does not get. */
      ignored?: string[];
    }
  /** Live text: the next one of the same utterance takes its place. */
  | { type: "partial"; utterance: number; text: string; startMs: number; endMs: number; language: string }
  | {
      type: "final";
      utterance: number;
      text: string;
      startMs: number;
      endMs: number;
      language: string;
      /** Mean probability of a token, 0..1. */
      confidence: number;
      words?: FinalWord[];
    }
  /** A key of the telephone was pressed. */
  | { type: "dtmf"; digit: string; atMs: number }
  /** The last event of a call. */
  | { type: "call_end"; text: string; audioMs: number };

export type CallEvent = CallEventBody & {
  /** Of the call, as the telephone system names it. */
  call: string;
  /** 0, 1, 2 ... within the call, partials included. */
  sequence: number;
  /** ISO 8601, UTC. */
  at: string;
};
