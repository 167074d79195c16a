import { StringDecoder } from "node:string_decoder";
import { controlKey, csiKey, ss3Key } from "./key-names.js";

/** What a person does at a terminal. */
export type InputEvent =
  | { type: "text"; text: string }
  | { type: "paste"; text: string }
  /** `name` is such as `ctrl+shift+left`, `f1`, `ctrl+a`, `enter`. */
  | { type: "key"; name: string }
  /** `row` and `column` count from 0. */
  | { type: "mouse"; action: "press" | "drag" | "release" | "wheel-up" | "wheel-down"; row: number; column: number };

const PASTE_BEGIN = "\x1b[200~";
const PASTE_END = "\x1b[201~";
// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what this reads
const MOUSE = /^\x1b\[<(\d+);(\d+);(\d+)([Mm])/;
const CSI = /^\x1b\[(\[?)([\d;:<=>?]*)[ -/]*([@-~])/;
const SS3 = /^\x1bO([\d;]*)([A-Za-z])/;
/** Answers to questions of other programs. */
const REPLY = /^\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)/;
const META = /^\x1b([^\x1b[O\]P_^X])/u;
/** What more input could make a sequence of. */
const UNFINISHED = /^\x1b(?:\x1b?(?:\[\[?[\d;:<=>?]*[ -/]*|O[\d;]*)?|[\]P_^X][^\x07]*)$/;
const PLAIN = /^[^\x00-\x1f\x7f]+/;
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: end

/** Bytes of a terminal to events, however they are split over reads. */
export class InputParser {
  readonly #decoder = new StringDecoder("utf8");
  #buffer = "";
  #isPasting = false;
  readonly #onEvent: (event: InputEvent) => void;

  constructor(onEvent: (event: InputEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** Whether something has begun that might go on, or might be the Escape key alone. */
  get isUnfinished(): boolean {
    return this.#buffer !== "" && !this.#isPasting;
  }

  push(bytes: Uint8Array): void {
    this.#buffer += this.#decoder.write(Buffer.from(bytes));
    this.#read();
  }

  /** Nothing followed for a while: what looked like the beginning of a sequence was keys. */
  flush(): void {
    if (!this.isUnfinished) return;
    this.#buffer = this.#buffer.slice(1);
    this.#onEvent({ type: "key", name: "escape" });
    this.#read();
  }

  #read(): void {
    while (this.#buffer !== "") {
      const length = this.#isPasting ? this.#readPaste() : this.#readOne();
      if (length === 0) return;
      this.#buffer = this.#buffer.slice(length);
    }
  }

  #readPaste(): number {
    const end = this.#buffer.indexOf(PASTE_END);
    if (end < 0) return 0;
    this.#isPasting = false;
    this.#onEvent({ type: "paste", text: this.#buffer.slice(0, end).replace(/\r\n?/g, "\n") });
    return end + PASTE_END.length;
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
    if (csi) return this.#key(csi[1] ? ss3Key("", `[${csi[3]}`) : csiKey(csi[2]!, csi[3]!), csi[0].length);
    const ss3 = SS3.exec(buffer);
    if (ss3) return this.#key(ss3Key(ss3[1]!, ss3[2]!), ss3[0].length);
    const reply = REPLY.exec(buffer);
    if (reply) return reply[0].length;
    if (UNFINISHED.test(buffer)) return 0;
    const meta = META.exec(buffer);
    if (meta) return this.#key(`alt+${controlKey(meta[1]!) ?? meta[1]}`, meta[0].length);
    return this.#key("escape", 1);
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
