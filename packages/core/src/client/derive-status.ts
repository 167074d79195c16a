import type { Link } from "./connection/link.js";
import type { ClientStatus } from "./events/events.js";
import type { Recording } from "./recording/recording.js";

/** What decides the status. */
export interface StatusFacts {
  closed: boolean;
  failed: boolean;
  recording: Recording | undefined;
  link: Link;
}

/** The one place where a status comes from, so that no path through the client can forget to set it. */
export function deriveStatus({ closed, failed, recording, link }: StatusFacts): ClientStatus {
  if (closed) return "closed";
  if (failed) return "failed";
  if (!recording) return link.connection?.isOpen ? "connected" : link.active ? "connecting" : "idle";
  // Without a link the recording rests until there is something to say: to the user it goes on.
  if (link.connection?.inSession || !link.active) {
    if (recording.finishing) return "finishing";
    return recording.paused ? "paused" : "listening";
  }
  return recording.everReady ? "reconnecting" : "connecting";
}
