import { StringDecoder } from "node:string_decoder";
import { controlKey, csiKey, keyEvent, ss3Key } from "./key-names.js";

/** What a person does at a terminal. */
export type InputEvent =
  | { type: "text"; text: string }
  | { type: "paste"; text: string }
  /** `name` is such as `ctrl+shift+left`, `f1`, `ctrl+a`, `enter`. Repeats are told apart where the terminal does. */
  | { type: "key"; name: string; isRepeat?: true }
  /** Of keys that are no text, where the terminal tells. */
  | { type: "release"; name: string }
  /** `row` and `column` count from 0. */
  | { type: "mouse"; action: "press" | "drag" | "release" | "wheel-up" | "wheel-down"; row: number; column: number };

const PASTE_BEGIN = "\x1b[200~";
const PASTE_END = "\x1b[201~";
/** A paste is handed over in pieces of about this many characters, so that one without an end takes no memory without one. */
const PASTE_PIECE_CHARS = 1_000_000;
/** No sequence of a terminal is longer; what is, is noise. */
const MAX_SEQUENCE_CHARS = 4096;

/** Ctrl+C and Ctrl+Q, pressed while a paste has no end: they come alone. */
const WAYS_OUT: readonly number[] = [0x03, 0x11];

/** How long the Escape key may seem to begin a sequence, milliseconds: it does not feel late yet. */
const ESCAPE_MS = 60;
/** How long a sequence or a paste that has certainly begun is waited for, milliseconds: lines can be slow, and cut in two. */
const UNFINISHED_MS = 1000;
/** How much later than its first character the rest of a sequence may come, milliseconds. */
const REST_MS = 200;

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what this reads
const MOUSE = /^\x1b\[<(\d+);(\d+);(\d+)([Mm])/;
const CSI = /^\x1b\[(\[?)([\d;:<=>?]*)[ -/]*([@-~])/;
const SS3 = /^\x1bO([\d;]*)([A-Za-z])/;
/** Answers to questions of other programs. */
const REPLY = /^\x1b[\]P_^X][^\x00-\x1f]*(?:\x07|\x1b\\)/;
const META = /^\x1b([^\x1b[O\]P_^X])/u;
/** What more input could make a sequence of. */
const UNFINISHED = /^\x1b(?:\x1b?(?:\[\[?[\d;:<=>?]*[ -/]*|O[\d;]*)?|[\]P_^X][^\x00-\x1f]*\x1b?)$/;
/** A sequence that something else has broken off: a key, or another sequence. */
const BROKEN = /^\x1b(?:\[\[?[\d;:<=>?]*[ -/]*|O[\d;]+|[\]P_^X][^\x00-\x1f]*)/;
/** A key that is held with Alt, or the beginning of a sequence. */
const ALT_OR_SEQUENCE = /^\x1b[[O\]P_^X]$/;
/** The same, where terminals send the whole of a sequence at once, and only when they are asked. */
const ALT_OR_REPLY = /^\x1b[\]P_^X]$/;
/** The rest of a sequence whose first character came so early that it was taken for the Escape key. */
const REST = /^(?:\[[\d;:<=>?]*[ -/]*[@-~]|O[\d;]*[A-Za-z])$/;
const PLAIN = /^[^\x00-\x1f\x7f]+/;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: end

/** Bytes of a terminal to events, however they are split over reads. */
export class InputParser {
  readonly #decoder = new StringDecoder("utf8");
  #buffer = "";
  #isPasting = false;
  #eventsRead = 0;
  /** The latest event was the Escape key, alone: what follows at once may be the rest of a sequence. */
  #mayHaveRest = false;
  readonly #onEvent: (event: InputEvent) => void;

  constructor(onEvent: (event: InputEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** How long to wait for more before {@link flush}, milliseconds; 0 when nothing is waited for. */
  get waitMs(): number {
    if (this.#isPasting) return UNFINISHED_MS;
    if (this.#buffer === "") return this.#mayHaveRest ? REST_MS : 0;
    return this.#buffer === "\x1b" || ALT_OR_REPLY.test(this.#buffer) ? ESCAPE_MS : UNFINISHED_MS;
  }

  /** Another number for each thing that is waited for: keys that are pressed meanwhile do not make the wait longer. */
  get waitId(): number {
    return this.#eventsRead;
  }

  push(bytes: Uint8Array): void {
    if (this.#isPasting && bytes.length === 1 && WAYS_OUT.includes(bytes[0]!)) this.#endPaste();
    const text = this.#decoder.write(Buffer.from(bytes));
    if (this.#mayHaveRest && REST.test(text)) this.#buffer = "\x1b";
    this.#mayHaveRest = false;
    this.#buffer += text;
    this.#read();
  }

  /** Nothing followed for a while: what has begun ends here. */
  flush(): void {
    this.#mayHaveRest = false;
    if (this.#isPasting) {
      this.#endPaste();
      return;
    }
    const buffer = this.#buffer;
    this.#buffer = "";
    if (buffer === "\x1b") {
      this.#onEvent({ type: "key", name: "escape" });
      this.#mayHaveRest = true;
    } else if (ALT_OR_SEQUENCE.test(buffer)) {
      this.#onEvent({ type: "key", name: `alt+${buffer.charAt(1)}` });
    }
    // The rest is the beginning of a sequence without its end, which is nobody's text.
  }

  #read(): void {
    while (this.#buffer !== "") {
      const length = this.#isPasting ? this.#readPaste() : this.#readOne();
      // A paste that goes on may take as long as it takes.
      if (length > 0 || this.#isPasting) this.#eventsRead++;
      if (length === 0) return;
      this.#buffer = this.#buffer.slice(length);
    }
  }

  #readPaste(): number {
    const end = this.#buffer.indexOf(PASTE_END);
    if (end >= 0) {
      this.#isPasting = false;
      this.#paste(this.#buffer.slice(0, end));
      return end + PASTE_END.length;
    }
    // The end mark, and a carriage return with its newline, may lie across two reads.
    const length = this.#buffer.length - PASTE_END.length;
    if (length < PASTE_PIECE_CHARS) return 0;
    this.#paste(this.#buffer.slice(0, length));
    return length;
  }

  /** The end mark did not come. */
  #endPaste(): void {
    this.#isPasting = false;
    // A letter that was cut in two is none, and would be one with what follows.
    this.#decoder.end();
    const rest = this.#buffer;
    this.#buffer = "";
    this.#paste(rest);
  }

  #paste(text: string): void {
    if (text !== "") this.#onEvent({ type: "paste", text: text.replace(/\r\n?/g, "\n") });
  }

  /** Reads one event. @returns how much of the buffer it was; 0 when the end of it is not here yet */
  #readOne(): number {
    const buffer = this.#buffer;
    const plain = PLAIN.exec(buffer)?.[0];
    if (plain !== undefined) {
      this.#onEvent({ type: "text", text: plain });
      return plain.length;
    }
    if (!buffer.startsWith("\x1b")) return this.#key(controlKey(buffer.charAt(0)), 1);
    if (buffer.startsWith(PASTE_BEGIN)) {
      this.#isPasting = true;
      return PASTE_BEGIN.length;
    }
    const mouse = MOUSE.exec(buffer);
    if (mouse) return this.#mouse(mouse);
    const csi = CSI.exec(buffer);
    // The Linux console writes function keys as ESC [ [ A.
    if (csi) return csi[1] ? this.#key(ss3Key("", `[${csi[3]}`), csi[0].length) : this.#csi(csi);
    const ss3 = SS3.exec(buffer);
    if (ss3) return this.#key(ss3Key(ss3[1]!, ss3[2]!), ss3[0].length);
    const reply = REPLY.exec(buffer);
    if (reply) return reply[0].length;
    if (buffer.length <= MAX_SEQUENCE_CHARS && UNFINISHED.test(buffer)) return 0;
    const meta = META.exec(buffer);
    if (meta) return this.#key(`alt+${controlKey(meta[1]!) ?? meta[1]}`, meta[0].length);
    // The beginning of a sequence that never ends is nobody's text either.
    const broken = BROKEN.exec(buffer)?.[0];
    return broken === undefined ? this.#key("escape", 1) : broken.length;
  }

  #csi([whole, , parameters = "", final = ""]: RegExpExecArray): number {
    const name = csiKey(parameters, final);
    const kind = keyEvent(parameters);
    if (name === undefined || kind === "press") return this.#key(name, whole.length);
    this.#onEvent(kind === "repeat" ? { type: "key", name, isRepeat: true } : { type: "release", name });
    return whole.length;
  }

  #key(name: string | undefined, length: number): number {
    if (name !== undefined) this.#onEvent({ type: "key", name });
    return length;
  }

  #mouse([whole, code, x, y, final]: RegExpExecArray): number {
    const button = Number(code);
    const place = { row: Number(y) - 1, column: Number(x) - 1 };
    const send = (action: (InputEvent & { type: "mouse" })["action"]) =>
      this.#onEvent({ type: "mouse", action, ...place });
    if (button & 64) {
      if ((button & 3) < 2) send(button & 1 ? "wheel-down" : "wheel-up");
    } else if ((button & 3) === 0) {
      send(final === "m" ? "release" : button & 32 ? "drag" : "press");
    }
    return whole.length;
  }
}
