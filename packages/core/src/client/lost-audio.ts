import type { WarningEvent } from "./events/events.js";
import type { Outbox } from "./recording/replay-queue.js";

/** What has been pushed out of the replay buffer since the last warning, as a warning. */
export function lostAudioWarning(outbox: Outbox): WarningEvent | undefined {
  const lost = outbox.takeLostSamples();
  if (lost === 0) return undefined;
  const lostMs = (lost / outbox.format.sampleRate) * 1000;
  const message = `${(lostMs / 1000).toFixed(1)} s of audio were given up: no server took them within maxReplayMs.`;
  return { type: "warning", code: "buffer_overflow", message, lostMs };
}
