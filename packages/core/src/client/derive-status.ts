import type { ClientStatus } from "./events/events.js";

/** What decides the status. */
export interface StatusFacts {
  closed: boolean;
  failed: boolean;
  recording: { isFinishing: boolean; isPaused: boolean; wasReady: boolean } | undefined;
  link: { isActive: boolean; isOpen: boolean; inSession: boolean };
}

/** The one place where a status comes from, so that no path through the client can forget to set it. */
export function deriveStatus({ closed, failed, recording, link }: StatusFacts): ClientStatus {
  if (closed) return "closed";
  if (failed) return "failed";
  if (!recording) return link.isOpen ? "connected" : link.isActive ? "connecting" : "idle";
  // Without a link the recording rests until there is something to say: to the user it goes on.
  if (link.inSession || !link.isActive) {
    if (recording.isFinishing) return "finishing";
    return recording.isPaused ? "paused" : "listening";
  }
  return recording.wasReady ? "reconnecting" : "connecting";
}
