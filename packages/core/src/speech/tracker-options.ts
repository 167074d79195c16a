import type { TrackerOptions } from "./utterance-events.js";

const DEFAULT_PRE_ROLL_MS = 1000;
const DEFAULT_SILENCE_CONFIRM_MS = 160;
const DEFAULT_SPEECH_PAD_MS = 250;
const DEFAULT_PART_PAUSE_MS = 250;

/** With every blank filled in. */
export function withDefaults(options: TrackerOptions): Required<TrackerOptions> {
  return {
    preRollMs: DEFAULT_PRE_ROLL_MS,
    silenceConfirmMs: DEFAULT_SILENCE_CONFIRM_MS,
    speechPadMs: DEFAULT_SPEECH_PAD_MS,
    partPauseMs: DEFAULT_PART_PAUSE_MS,
    partMinMs: Number.POSITIVE_INFINITY,
    partMaxMs: Number.POSITIVE_INFINITY,
    leadInMs: Number.POSITIVE_INFINITY,
    adaptiveSilence: false,
    ...definedOf(options),
  } as Required<TrackerOptions>;
}

/** A caller that spreads optional settings passes `undefined` for those not given: they must not override anything. */
export function definedOf<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}
