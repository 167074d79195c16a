/** A file at the speed of speech. */

import { type AudioSource, bytesPerFrame } from "../../audio/source.js";
import { checkSource } from "../../callers/arguments.js";
import type { Clock } from "../../clock.js";

/** Audio per step, milliseconds: as a microphone would deliver it. */
const STEP_MS = 32;

/**
 * The same audio, each step no sooner than a microphone would have delivered it. Due times count from the first step and the
 * samples so far, so rounding and late timers do not add up; after a wait the source catches up, as a microphone's buffer does.
 *
 * @throws SttError `invalid_argument`
 */
export function paced(source: AudioSource, clock: Clock): AudioSource {
  checkSource("paced", source);
  const { format } = source;
  const stepBytes = Math.max(1, Math.round((format.sampleRate * STEP_MS) / 1000)) * bytesPerFrame(format);
  const bytesPerMs = (format.sampleRate * bytesPerFrame(format)) / 1000;

  async function* chunks(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const startedAt = clock.now();
    let bytes = 0;
    for await (const chunk of source.chunks(signal)) {
      for (let from = 0; from < chunk.byteLength; from += stepBytes) {
        const step = chunk.subarray(from, from + stepBytes);
        bytes += step.byteLength;
        await until(clock, startedAt + bytes / bytesPerMs, signal);
        if (signal.aborted) return;
        yield step;
      }
    }
  }

  return {
    format,
    ...(source.durationMs === undefined ? {} : { durationMs: source.durationMs }),
    attach: (host) => source.attach?.(host),
    chunks,
    close: () => source.close(),
  };
}

async function until(clock: Clock, time: number, signal: AbortSignal): Promise<void> {
  const delay = time - clock.now();
  if (delay <= 0 || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stopTimer();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const stopTimer = clock.setTimer(delay, done);
    signal.addEventListener("abort", done, { once: true });
  });
}
