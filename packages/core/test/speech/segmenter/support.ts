import { Segmenter, type SegmenterEvent, type SegmenterOptions } from "../../../src/speech/segmenter.js";

/** Samples of a frame. */
export const FRAME = 512;
export const OPTIONS: SegmenterOptions = {
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

export const make = (options: Partial<SegmenterOptions> = {}) => new Segmenter({ ...OPTIONS, ...options });

/** Frames of one probability; loudness follows it unless given. */
export function feed(
  segmenter: Segmenter,
  frames: number,
  probability: number,
  rms = probability / 10,
): SegmenterEvent[] {
  const events: SegmenterEvent[] = [];
  for (let i = 0; i < frames; i++) events.push(...segmenter.push(probability, rms));
  return events;
}

export const types = (events: readonly SegmenterEvent[]) => events.map((event) => event.type);
