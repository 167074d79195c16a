import { SttError } from "@stt/core";

/** Keeps the account of what could be read of a file and what lies between. */
export class Damage {
  #readable = 0;
  #unreadable = 0;
  readonly #kind: string;

  /** @param kind of the file, for the refusal */
  constructor(kind: string) {
    this.#kind = kind;
  }

  read(bytes: number): void {
    this.#readable += bytes;
  }

  /** What was read, but cannot be decoded. */
  lost(bytes: number): void {
    this.#readable -= bytes;
    this.#unreadable += bytes;
  }

  /** What lies before the first that could be read is no damage. */
  skipped(bytes: number): void {
    if (this.#readable > 0) this.#unreadable += bytes;
  }

  /** @throws SttError `bad_audio` when less than half could be read: a text of the rest would pass for the whole */
  check(): void {
    if (this.#unreadable <= this.#readable) return;
    const percent = Math.round((100 * this.#readable) / (this.#readable + this.#unreadable));
    throw new SttError(
      "bad_audio",
      `The ${this.#kind} file is damaged: only ${percent} % of it can be decoded. Send an undamaged copy.`,
    );
  }
}
