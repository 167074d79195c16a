import type { ReadStream, WriteStream } from "node:tty";
import { guardTerminal } from "./crash-guard.js";
import { type InputEvent, InputParser } from "./input-parser.js";

/**
 * Another screen, so that the shell's is found as it was left; mouse presses and drags in decimal; pastes in brackets; no
 * wrapping by the terminal, so that the last column can be used; releases of keys, where the terminal has them to tell.
 */
const ENTER = "\x1b[?1049h\x1b[>2u\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?7l";
const LEAVE = "\x1b[?2026l\x1b[<u\x1b[?2004l\x1b[?1006l\x1b[?1002l\x1b[?7h\x1b[0m\x1b[?25h\x1b[?1049l";

/** What the editor wants to hear of its terminal. */
export interface TerminalHandlers {
  input(event: InputEvent): void;
  /** The size is another, or the screen has to be drawn anew. */
  resize(): void;
}

/** The terminal as a full-screen program uses it, and as it is left behind. */
export class Terminal {
  #isOpen = false;
  #inputTimer: NodeJS.Timeout | undefined;
  #releaseGuard: (() => void) | undefined;
  readonly #parser: InputParser;
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  readonly #handlers: TerminalHandlers;

  constructor(input: ReadStream, output: WriteStream, handlers: TerminalHandlers) {
    this.#input = input;
    this.#output = output;
    this.#handlers = handlers;
    this.#parser = new InputParser((event) => handlers.input(event));
  }

  get columns(): number {
    return this.#output.columns || 80;
  }

  get rows(): number {
    return this.#output.rows || 24;
  }

  write(text: string): void {
    if (this.#isOpen) this.#output.write(text);
  }

  open(): void {
    this.#releaseGuard = guardTerminal(LEAVE);
    this.#isOpen = true;
    this.#begin();
    this.#input.on("data", this.#read);
    // Another screen of the same program may have paused it.
    this.#input.resume();
    this.#output.on("resize", this.#handlers.resize);
    process.on("SIGCONT", this.#continue);
    process.on("exit", this.close);
  }

  /** Leaves everything as it was found. Idempotent, and as quick as an exit has to be. */
  readonly close = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearTimeout(this.#inputTimer);
    this.#input.off("data", this.#read);
    this.#output.off("resize", this.#handlers.resize);
    process.off("SIGCONT", this.#continue);
    process.off("exit", this.close);
    try {
      this.#output.write(LEAVE);
      this.#input.setRawMode(false);
    } catch {
      // The terminal is gone: nothing is left to be restored.
    }
    this.#input.pause();
    this.#releaseGuard?.();
  };

  #begin(): void {
    this.#input.setRawMode(true);
    this.#output.write(ENTER);
  }

  readonly #read = (bytes: Uint8Array): void => {
    const { waitMs, waitId } = this.#parser;
    this.#parser.push(bytes);
    if (this.#parser.waitMs !== waitMs || this.#parser.waitId !== waitId) this.#awaitMore();
  };

  /** What has begun and does not go on ends by itself. */
  #awaitMore(): void {
    clearTimeout(this.#inputTimer);
    const { waitMs } = this.#parser;
    if (waitMs === 0) return;
    this.#inputTimer = setTimeout(() => {
      this.#parser.flush();
      this.#awaitMore();
    }, waitMs);
  }

  /** Somebody stopped the program and let it go on; the shell has used the terminal in between. */
  readonly #continue = (): void => {
    this.#input.setRawMode(false);
    this.#begin();
    this.#handlers.resize();
  };
}
