import type { ServerMessageOf } from "../../protocol/messages.js";

/** The utterance that the present server has begun and not finished. A server that takes over begins it anew. */
export class OpenUtterance {
  #utterance: number | undefined;
  /** Where its speech ended, milliseconds on the session's timeline; undefined while it goes on. */
  #speechEndMs: number | undefined;

  get isOpen(): boolean {
    return this.#utterance !== undefined;
  }

  /** Its number while its speech goes on. */
  get speaking(): number | undefined {
    return this.#speechEndMs === undefined ? this.#utterance : undefined;
  }

  heard(message: ServerMessageOf<"speech_start" | "speech_end">): void {
    if (message.type === "speech_start") {
      this.#utterance = message.utterance;
      this.#speechEndMs = undefined;
    } else if (message.utterance === this.#utterance) this.#speechEndMs = message.atMs;
  }

  /** A final came. */
  finished(utterance: number): void {
    if (this.#utterance !== undefined && utterance >= this.#utterance) this.forget();
  }

  /** The server is done with all audio before `ms`: an utterance that held no text has no final to end it. */
  finalizedTo(ms: number): void {
    if (this.#speechEndMs !== undefined && ms >= this.#speechEndMs) this.forget();
  }

  forget(): void {
    this.#utterance = undefined;
    this.#speechEndMs = undefined;
  }
}
