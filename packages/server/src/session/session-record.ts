import { assertNever, joinText } from "@stt/core";
import type { SessionEvent } from "./events.js";
import type { Session } from "./session.js";
import type { SessionClient } from "./session-client.js";

/** Who a session is for, and over which wire. */
export interface SessionOrigin {
  /** Name of the wire, such as `stream`. */
  wire: string;
  /** Name of the principal. */
  principal: string;
  /** Address of the peer. */
  address: string;
}

/** What an operator sees of an open session. */
export interface SessionSummary extends SessionOrigin {
  id: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  /** ISO 639-1 code or `auto`. */
  language: string;
  /** Whether an utterance is open. */
  speaking: boolean;
  /** Audio received, milliseconds. */
  audioMs: number;
  /** The end of what was recognised last, at most 200 characters; empty when nothing was yet. */
  lastText: string;
}

/** Most characters of {@link SessionSummary.lastText}. */
const LAST_TEXT_CHARACTERS = 200;

/** An open session with what is known of it: who it is for, whether somebody speaks, what was said last. */
export class SessionRecord {
  readonly session: Session;
  readonly client: SessionClient;
  readonly #origin: SessionOrigin;
  readonly #startedAt = new Date().toISOString();
  /** Number of the open utterance. */
  #open: number | undefined;
  #lastText = "";

  constructor(session: Session, client: SessionClient, origin: SessionOrigin) {
    this.session = session;
    this.client = client;
    this.#origin = origin;
  }

  /** Whether an utterance is open. */
  get speaking(): boolean {
    return this.#open !== undefined;
  }

  observe(event: SessionEvent): void {
    switch (event.type) {
      case "speech_start":
        this.#open = event.utterance;
        return;
      case "speech_end":
      case "discarded":
        // An earlier utterance may be given up while the next one is spoken.
        if (event.utterance === this.#open) this.#open = undefined;
        return;
      case "partial":
        this.#noteText(joinText(event.committed, event.tentative, event.language));
        return;
      case "final":
        this.#noteText(event.text);
        return;
      case "silence_start":
      case "silence_end":
      case "utterance_audio":
      case "turn":
      case "progress":
      case "warning":
      case "error":
      case "end":
        return;
      default:
        assertNever(event);
    }
  }

  summary(): SessionSummary {
    const { id, settings, audioMs } = this.session;
    return {
      ...this.#origin,
      id,
      startedAt: this.#startedAt,
      language: settings.language,
      speaking: this.speaking,
      audioMs: Math.round(audioMs),
      lastText: this.#lastText,
    };
  }

  #noteText(text: string): void {
    if (text !== "") this.#lastText = text.slice(-LAST_TEXT_CHARACTERS);
  }
}
