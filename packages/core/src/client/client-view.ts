/** What a client shows of itself. */
import type { FailureReport } from "../callers/caller-code.js";
import { ListenerSet } from "../callers/listener-set.js";
import type { SttError } from "../errors.js";
import type { TranscriptStore } from "../transcript/store.js";
import type { Retry } from "./connection/link.js";
import type { ClientStatus } from "./events/events.js";
import { type ClientSnapshot, retryOf, type ServerInfo } from "./snapshot.js";

/** What it asks for when it is looked at. */
export interface ViewFacts {
  isSpeaking: boolean;
  /** The planned attempt to connect, while one is awaited. */
  retry: Retry | undefined;
}

/** The mutable side of {@link ClientSnapshot}: set fields, then call `changed`. */
export class ClientView {
  status: ClientStatus = "idle";
  failure: SttError | null = null;
  latencyMs: number | null = null;
  server: ServerInfo | null = null;
  #snapshot: ClientSnapshot | undefined;
  readonly #listeners: ListenerSet;
  readonly #transcript: TranscriptStore;
  readonly #facts: () => ViewFacts;

  /** @param report told what a listener throws */
  constructor(transcript: TranscriptStore, facts: () => ViewFacts, report: FailureReport) {
    this.#transcript = transcript;
    this.#facts = facts;
    this.#listeners = new ListenerSet(report);
    transcript.subscribe(() => this.changed());
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  getSnapshot(): ClientSnapshot {
    if (this.#snapshot) return this.#snapshot;
    const { committedText, interimText, text, segments } = this.#transcript.getSnapshot();
    const { status, latencyMs, server } = this;
    const { isSpeaking, retry } = this.#facts();
    this.#snapshot = {
      status,
      error: this.failure,
      isListening: status === "listening",
      isSpeaking,
      committedText,
      interimText,
      text,
      segments,
      reconnect: retryOf(retry),
      latencyMs,
      server,
    };
    return this.#snapshot;
  }

  /** Something that the snapshot shows is different now. */
  changed(): void {
    this.#snapshot = undefined;
    this.#listeners.call();
  }
}
