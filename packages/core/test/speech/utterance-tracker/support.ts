import type { TrackerEvent, TrackerOptions } from "../../../src/speech/utterance-events.js";
import { UtteranceTracker } from "../../../src/speech/utterance-tracker.js";

/** Samples of a frame. */
export const FRAME = 512;
export const OPTIONS: TrackerOptions = {
  speechThreshold: 0.95,
  silenceThreshold: 0.8,
  minSpeechMs: 96, // 3 frames
  preRollMs: 320, // 10 frames
  silenceMs: 640, // 20 frames
  silenceConfirmMs: 160, // 5 frames
  minUtteranceMs: 0,
  maxUtteranceMs: 9600, // 300 frames
  speechPadMs: 256, // 8 frames
};

export const make = (options: Partial<TrackerOptions> = {}) => new UtteranceTracker({ ...OPTIONS, ...options });

/** Frames of one probability; loudness follows it unless given. */
export function feed(
  tracker: UtteranceTracker,
  frames: number,
  probability: number,
  rms = probability / 10,
): TrackerEvent[] {
  const events: TrackerEvent[] = [];
  for (let i = 0; i < frames; i++) events.push(...tracker.push(probability, rms));
  return events;
}

export const types = (events: readonly TrackerEvent[]) => events.map((event) => event.type);
