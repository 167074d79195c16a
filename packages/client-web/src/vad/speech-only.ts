/** An audio source without its silence. */
import { type AudioSource, pcmToMono, type SourceHost, SttError, type VoiceActivityDetector } from "@stt/core";
import { checkArgument, checkOptions, checkSource, type OptionShape, within } from "@stt/core/callers";
import { FrameDetector } from "./frame-detector.js";

export interface SpeechOnlyOptions {
  vad: VoiceActivityDetector;
  /** Probability from which on it is speech, 0..1. @default 0.5 */
  startThreshold?: number;
  /** Probability below which it may be over, 0..1. @default 0.35 */
  endThreshold?: number;
  /** Sent from before the beginning of speech, milliseconds: a detector hears a word late. @default 500 */
  preRollMs?: number;
  /**
   * Silence that is still sent after speech, milliseconds. Longer than the server's `silenceMs`, so that the server decides where an
   * utterance ends; then it is ended in any case. @default 2000
   */
  hangoverMs?: number;
}

const FRAME_SAMPLES = 512;
const FRAME_BYTES = FRAME_SAMPLES * 2;
const FRAME_MS = 32;
const LAYOUT = { encoding: "pcm_s16le", channels: 1 } as const;

const OPTIONS: OptionShape<SpeechOnlyOptions> = {
  vad: {
    expected: "a voice detector, such as sileroVad() gives",
    is: (value): value is VoiceActivityDetector =>
      typeof (value as Partial<VoiceActivityDetector> | null)?.createStream === "function",
  },
  startThreshold: within(0, 1),
  endThreshold: within(0, 1),
  preRollMs: within(0, 60_000),
  hangoverMs: within(0, 60_000),
};

/**
 * Sends only speech: silence neither crosses the network nor occupies the server. Times in the transcript stay those of the
 * speaker. Everything else of the source, a microphone's events for example, is there as before.
 *
 * @param source 16 kHz mono of 16 bits, as `microphone` gives it
 * @throws SttError `invalid_argument` for any other format, and for what is no source or no detector
 * @example
 * const vad = await sileroVad({ model: modelUrl });
 * await client.start(speechOnly(await microphone(), { vad }));
 */
export function speechOnly<T extends AudioSource>(source: T, options: SpeechOnlyOptions): T {
  checkSource("speechOnly", source);
  checkOptions("speechOnly", options, OPTIONS);
  checkArgument("speechOnly", options.vad, OPTIONS.vad);
  const { encoding, sampleRate, channels } = source.format;
  if (encoding !== "pcm_s16le" || sampleRate !== 16_000 || channels !== 1) {
    throw new SttError(
      "invalid_argument",
      `speechOnly takes 16 kHz mono pcm_s16le, not ${JSON.stringify(source.format)}.`,
    );
  }
  let host: SourceHost | undefined;
  const own: Partial<AudioSource> = {
    attach(given) {
      host = given;
      source.attach?.(given);
    },
    chunks: (signal) => speechOf(source.chunks(signal), options, () => host),
  };
  return new Proxy(source, {
    get(target, key) {
      if (key in own) return own[key as keyof AudioSource];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

async function* speechOf(
  chunks: AsyncIterable<Uint8Array>,
  options: SpeechOnlyOptions,
  host: () => SourceHost | undefined,
): AsyncGenerator<Uint8Array> {
  const { startThreshold = 0.5, endThreshold = 0.35, preRollMs = 500, hangoverMs = 2000 } = options;
  const preRollFrames = Math.ceil(preRollMs / FRAME_MS);
  const hangoverFrames = Math.ceil(hangoverMs / FRAME_MS);
  const detector = new FrameDetector(options.vad);
  const samples = new Float32Array(FRAME_SAMPLES);
  /** The latest silence, of which the next speech takes the end along. */
  const preRoll: Uint8Array[] = [];
  let skipped = 0;
  let speaking = false;
  let quietFrames = 0;
  try {
    for await (const frame of framesOf(chunks)) {
      if (frame.length < FRAME_BYTES) {
        if (speaking) yield frame;
        return;
      }
      pcmToMono(frame, LAYOUT, samples);
      const probability = await detector.probability(samples);
      if (!speaking) {
        preRoll.push(frame);
        if (preRoll.length > preRollFrames + 1) {
          preRoll.shift();
          skipped += FRAME_SAMPLES;
        }
        if (probability < startThreshold) continue;
        speaking = true;
        quietFrames = 0;
        if (skipped > 0) host()?.skip(skipped);
        skipped = 0;
        for (const held of preRoll.splice(0)) yield held;
        continue;
      }
      yield frame;
      quietFrames = probability < endThreshold ? quietFrames + 1 : 0;
      if (quietFrames < hangoverFrames) continue;
      speaking = false;
      // Nothing more comes for now: whatever the server still has is an utterance.
      host()?.skip(0);
    }
  } finally {
    detector.close();
  }
}

/** PCM in frames of 512 samples; the last one may be shorter. */
async function* framesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let frame = new Uint8Array(FRAME_BYTES);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const part = chunk.subarray(from, from + FRAME_BYTES - filled);
      frame.set(part, filled);
      filled += part.length;
      from += part.length;
      if (filled < FRAME_BYTES) continue;
      yield frame;
      frame = new Uint8Array(FRAME_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield frame.subarray(0, filled);
}
