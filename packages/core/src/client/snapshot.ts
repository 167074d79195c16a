/** What a user interface needs to know at a glance. */
import type { SttError, SttErrorCode } from "../errors.js";
import type { ServerMessageOf } from "../protocol/messages.js";
import type { TranscriptSegment } from "../transcript/reducer.js";
import type { Retry } from "./connection/link.js";
import type { ClientStatus } from "./events/events.js";

/** The server of the present session, as it introduced itself. */
export interface ServerInfo {
  /** The URL in use. */
  url: string;
  sessionId: string;
  model: string;
  realtimeModel: string;
  device: "cpu" | "cuda";
  limits: ServerMessageOf<"ready">["limits"];
}

/** Immutable; replaced on every change, so it fits `useSyncExternalStore`. */
export interface ClientSnapshot {
  readonly status: ClientStatus;
  /** Why the status is `failed`; null otherwise. */
  readonly error: SttError | null;
  readonly isListening: boolean;
  /** Speech is being heard right now. */
  readonly isSpeaking: boolean;
  /** Text that stands. */
  readonly committedText: string;
  /** Text that may still change. */
  readonly interimText: string;
  /** Both. */
  readonly text: string;
  readonly segments: readonly TranscriptSegment[];
  /** The planned attempt while `reconnecting` (or `connecting`) waits, and why it is needed; null otherwise. */
  readonly reconnect: { readonly attempt: number; readonly nextDelayMs: number; readonly code: SttErrorCode } | null;
  /** Latest round trip, milliseconds; null while unknown. */
  readonly latencyMs: number | null;
  /** Null until the first session is ready. */
  readonly server: ServerInfo | null;
}

export function serverInfoOf(url: string, ready: ServerMessageOf<"ready">): ServerInfo {
  const { sessionId, model, realtimeModel, device, limits } = ready;
  return { url, sessionId, model, realtimeModel, device, limits };
}

export function retryOf(retry: Retry | undefined): ClientSnapshot["reconnect"] {
  return retry ? { attempt: retry.attempt, nextDelayMs: retry.delayMs, code: retry.code } : null;
}
