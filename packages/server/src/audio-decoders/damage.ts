import { SttError } from "@stt/core";

/** Bytes that are enough to tell whether another file begins. */
export const LONGEST_BEGINNING = 2048;

/** Keeps the account of what could be read of a file and what lies between. */
export class Damage {
  #readable = 0;
  #unreadable = 0;
  /** What could not be read since the last that could: nothing, when another file follows this one. */
  #behind = 0;
  #isOtherFile = false;
  readonly #kind: string;
  readonly #beginsFile: (bytes: Uint8Array) => boolean;

  /**
   * @param kind of the file, for the refusal
   * @param beginsFile whether a file of any known kind begins with these bytes
   */
  constructor(kind: string, beginsFile: (bytes: Uint8Array) => boolean) {
    this.#kind = kind;
    this.#beginsFile = beginsFile;
  }

  read(bytes: number): void {
    this.#readable += bytes;
    this.#unreadable += this.#behind;
    this.#behind = 0;
    this.#isOtherFile = false;
  }

  /** What was read, but cannot be decoded. */
  lost(bytes: number): void {
    this.#readable -= bytes;
    this.#unreadable += bytes;
  }

  /**
   * What lies before the first that could be read is no damage, nor is another file that was joined to this one.
   *
   * @param beginning of what is skipped
   */
  skipped(bytes: number, beginning: Uint8Array): void {
    if (this.#readable === 0) return;
    this.#isOtherFile ||= this.#behind === 0 && this.#beginsFile(beginning.subarray(0, LONGEST_BEGINNING));
    this.#behind += bytes;
  }

  /** @throws SttError `bad_audio` when less than half could be read: a text of the rest would pass for the whole */
  check(): void {
    const unreadable = this.#unreadable + (this.#isOtherFile ? 0 : this.#behind);
    if (unreadable <= this.#readable) return;
    const percent = Math.round((100 * this.#readable) / (this.#readable + unreadable));
    throw new SttError(
      "bad_audio",
      `The ${this.#kind} file is damaged: only ${percent} % of it can be decoded. Send an undamaged copy.`,
    );
  }
}
