import type { Endpointing } from "./messages.js";

/**
 * For recordings, which are cut at shorter pauses than a speaker is: nobody is interrupted by it, and short utterances decode best.
 */
export const FILE_ENDPOINTING = {
  silenceMs: 600,
  minUtteranceMs: 1000,
  endOfTurn: "silence",
} as const satisfies Endpointing;
