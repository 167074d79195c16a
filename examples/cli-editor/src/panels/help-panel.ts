import type { InputEvent } from "../terminal/input-parser.js";
import type { Texts } from "../texts.js";
import { heading, type Panel, wrapped } from "./panel.js";

/** Every key and spoken command. Any key closes it, but those that scroll. */
export class HelpPanel implements Panel {
  #top = 0;
  #hidden = 0;
  readonly #texts: Texts;

  constructor(texts: Texts) {
    this.#texts = texts;
  }

  render(columns: number, rows: number): string[] {
    const room = Math.max(1, rows - 1);
    const lines = wrapped(this.#texts.keys, columns);
    this.#hidden = Math.max(0, lines.length - room);
    this.#top = Math.min(this.#top, this.#hidden);
    return [heading(this.#texts.helpTitle, columns), ...lines.slice(this.#top, this.#top + room)];
  }

  input(event: InputEvent): boolean {
    const step = event.type === "key" ? STEPS[event.name] : event.type === "mouse" ? STEPS[event.action] : undefined;
    if (step === undefined) return event.type === "mouse";
    this.#top = Math.max(0, Math.min(this.#top + step, this.#hidden));
    return true;
  }
}

const STEPS: Readonly<Record<string, number>> = {
  up: -1,
  down: 1,
  pageup: -10,
  pagedown: 10,
  "wheel-up": -3,
  "wheel-down": 3,
};
