import type { TextDocument } from "@stt/core/document";
import type { InputEvent } from "./terminal/input-parser.js";
import type { TextView } from "./terminal/text-view.js";

type MouseEvent = InputEvent & { type: "mouse" };

const WHEEL_ROWS = 3;
const DOUBLE_CLICK_MS = 400;

/** A press puts the caret, a drag selects, a double click selects a word, the wheel scrolls. */
export class Mouse {
  #isDown = false;
  #lastPress = { at: Number.NEGATIVE_INFINITY, row: -1, column: -1 };
  readonly #document: TextDocument;
  readonly #view: TextView;
  readonly #onSelected: () => void;
  readonly #now: () => number;

  /** @param onSelected called when the button goes up on a selection. */
  constructor(
    document: TextDocument,
    view: TextView,
    onSelected: () => void,
    now: () => number = () => performance.now(),
  ) {
    this.#document = document;
    this.#view = view;
    this.#onSelected = onSelected;
    this.#now = now;
  }

  take(event: MouseEvent): void {
    switch (event.action) {
      case "wheel-up":
        this.#view.scroll(-WHEEL_ROWS);
        return;
      case "wheel-down":
        this.#view.scroll(WHEEL_ROWS);
        return;
      case "press":
        this.#press(event);
        return;
      case "drag":
        if (this.#isDown) this.#drag(event);
        return;
      case "release":
        if (this.#isDown && this.#document.selection) this.#onSelected();
        this.#isDown = false;
        return;
    }
  }

  #press({ row, column }: MouseEvent): void {
    // The status line is no text.
    if (row >= this.#view.rows) return;
    const lastPress = this.#lastPress;
    const offset = this.#view.offsetAt(row, column);
    const isSecond =
      this.#now() - lastPress.at < DOUBLE_CLICK_MS && lastPress.row === row && lastPress.column === column;
    this.#isDown = true;
    this.#lastPress = { at: this.#now(), row, column };
    if (isSecond) this.#document.selectWordAt(offset);
    else this.#document.moveTo(offset);
  }

  #drag({ row, column }: MouseEvent): void {
    const view = this.#view;
    const document = this.#document;
    // At the edges the text comes along.
    if (row === 0) view.scroll(-1);
    if (row >= view.rows) view.scroll(1);
    const at = Math.max(0, Math.min(row, view.rows - 1));
    const before = view.offsetAt(at, column);
    // To the right, the character under the pointer belongs to the selection.
    document.moveTo(before >= document.anchor ? view.offsetAt(at, column + 1) : before, true);
  }
}
