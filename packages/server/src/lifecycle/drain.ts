import { type Clock, waitUntil } from "@stt/core";
import type { Log } from "../observability/log.js";
import type { Readiness } from "../observability/readiness.js";
import type { SessionOrder } from "../session/session-client.js";
import type { SessionRegistry } from "../session/session-registry.js";

/** Part of the time in which clients may choose their moment to leave: those in mid-sentence wait for its end. */
const LEAVE_PART = 0.7;
/** Part of the time after which nobody is waited for: open utterances end, so that their finals still go out. */
const FLUSH_PART = 0.8;
const LOOK_MS = 25;

export interface DrainOptions {
  sessions: SessionRegistry;
  /** HTTP requests being answered. */
  requests(): number;
  readiness: Readiness;
  clock: Clock;
  log: Log;
  /** Bound of the whole, milliseconds; 0 asks nobody to leave and waits for nobody. */
  timeoutMs: number;
}

/**
 * Empties a server before it ends: no new sessions, clients are asked to resume elsewhere, and what those who stay have said
 * becomes text. Resolves when everybody has left or the time is over; whoever is left then may be cut off without losing a
 * final.
 */
export async function drain({ sessions, requests, readiness, clock, log, timeoutMs }: DrainOptions): Promise<void> {
  readiness.markDraining();
  if (timeoutMs === 0 || (sessions.size === 0 && requests() === 0)) return;
  const begin = clock.now();
  log.info({ sessions: sessions.size, requests: requests(), timeoutMs }, "draining: clients are asked to go elsewhere");
  sendOrder(sessions, { type: "drain", resumeWithinMs: timeoutMs * LEAVE_PART });
  const empty = () => sessions.size === 0 && requests() === 0;
  if (await waitUntil(empty, clock, LOOK_MS, begin + timeoutMs * FLUSH_PART)) return;
  log.info({ sessions: sessions.size, requests: requests() }, "draining: ending the utterances of those who stayed");
  sendOrder(sessions, { type: "flush" });
  const done = () => requests() === 0 && sessions.all().every(({ session }) => session.settled);
  if (await waitUntil(done, clock, LOOK_MS, begin + timeoutMs)) return;
  log.warn({ sessions: sessions.size, requests: requests() }, "draining took too long: what is left is cut off");
}

function sendOrder(sessions: SessionRegistry, order: SessionOrder): void {
  for (const { client } of sessions.all()) client.onOrder(order);
}
