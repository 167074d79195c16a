/** What a client shows of itself. */
import type { SttError } from "../errors.js";
import type { TranscriptStore } from "../transcript/store.js";
import type { Retry } from "./connection/link.js";
import type { ClientStatus } from "./events/events.js";
import { type ClientSnapshot, retryOf, type ServerInfo } from "./snapshot.js";

/** The mutable side of {@link ClientSnapshot}: set fields, then call `changed`. */
export class ClientView {
  status: ClientStatus = "idle";
  failure: SttError | null = null;
  /** The utterance being heard. */
  speaking: number | undefined;
  latencyMs: number | null = null;
  server: ServerInfo | null = null;
  #snapshot: ClientSnapshot | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #transcript: TranscriptStore;
  readonly #retry: () => Retry | undefined;

  constructor(transcript: TranscriptStore, retry: () => Retry | undefined) {
    this.#transcript = transcript;
    this.#retry = retry;
    transcript.subscribe(() => this.changed());
  }

  subscribe(listener: () => void): () => void {
    const own = () => listener();
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  getSnapshot(): ClientSnapshot {
    if (this.#snapshot) return this.#snapshot;
    const { committedText, interimText, text, segments } = this.#transcript.getSnapshot();
    const { status, latencyMs, server } = this;
    this.#snapshot = {
      status,
      error: this.failure,
      isListening: status === "listening",
      isSpeaking: this.speaking !== undefined,
      committedText,
      interimText,
      text,
      segments,
      reconnect: retryOf(this.#retry()),
      latencyMs,
      server,
    };
    return this.#snapshot;
  }

  /** Something that the snapshot shows is different now. */
  changed(): void {
    this.#snapshot = undefined;
    for (const listener of [...this.#listeners]) listener();
  }
}
