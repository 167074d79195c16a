import { type ExportFormat, exportTranscript, type ServerMessageOf } from "@stt/core";

type Final = ServerMessageOf<"final">;

export interface WriterOptions {
  format: ExportFormat;
  /** With `txt`: one word a line, after its start and end in seconds. */
  words?: boolean;
  /** With `txt`: what each line begins with. */
  label?: string;
}

/** Finals as text of a format, piece by piece: what `add` and `end` return, joined, is the whole. */
export class TranscriptWriter {
  readonly #finals: Final[] = [];
  #length = 0;
  readonly #options: WriterOptions;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /** @returns what is to be written now; empty for a format that can only be written whole */
  add(final: Final): string {
    const { format } = this.#options;
    if (format === "txt") return this.#lines(final);
    this.#finals.push(final);
    if (format === "json") return "";
    // Times have a fixed width, so that what has been written stays as long as it is.
    const whole = this.whole();
    const piece = whole.slice(this.#length);
    this.#length = whole.length;
    return piece;
  }

  /** @returns what is still missing when nothing follows */
  end(): string {
    const { format } = this.#options;
    if (format === "txt") return "";
    return this.whole().slice(this.#length);
  }

  /** Everything so far as a complete text; for any format but `txt`. */
  whole(): string {
    return exportTranscript(
      this.#finals.map(({ type: _type, finalizedSamples: _samples, ...segment }) => segment),
      this.#options.format,
    );
  }

  #lines(final: Final): string {
    const { words, label } = this.#options;
    const before = label === undefined ? "" : `${label}: `;
    if (words && final.words) {
      return final.words
        .map((word) => `${before}${seconds(word.startMs)}\t${seconds(word.endMs)}\t${oneLine(word.text)}\n`)
        .join("");
    }
    const text = oneLine(final.text);
    return text === "" ? "" : `${before}${text}\n`;
  }
}

/** A final is a line; and what a server sends must not command a terminal. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ").trim();
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
