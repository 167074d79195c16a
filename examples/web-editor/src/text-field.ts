/** Keeps a `<textarea>` and a document the same, whoever writes. */
import type { EditKind, TextDocument } from "@stt/core/document";
import { editBetween } from "./field-edit.js";

/**
 * How long speech waits for an input method that is composing. Some keyboards on phones keep composing the last word for ever;
 * what they show is in the document already, so ending it costs nothing.
 */
const COMPOSITION_PATIENCE_MS = 2500;

/**
 * A textarea is what input methods, screen readers, spelling checkers and phones handle best, and it may be changed by any of
 * them at any time. So before anything else writes into the document, what the field holds is read; and while an input method
 * composes, nothing is written into the field.
 */
export class TextField {
  readonly #scope = new AbortController();
  #held: (() => void)[] = [];
  #composing = false;
  #patience: number | undefined;
  readonly #element: HTMLTextAreaElement;
  readonly #document: TextDocument;

  constructor(element: HTMLTextAreaElement, document: TextDocument) {
    this.#element = element;
    this.#document = document;
    const { signal } = this.#scope;
    const on = <T extends keyof HTMLElementEventMap>(type: T, listener: (event: HTMLElementEventMap[T]) => void) =>
      element.addEventListener(type, listener, { signal });
    on("beforeinput", (event) => this.#beforeInput(event));
    on("input", (event) => this.#read(kindOf((event as InputEvent).inputType)));
    on("compositionstart", () => this.#compose());
    on("compositionend", () => this.#endComposition());
    on("focus", () => this.#showSelection());
    element.ownerDocument.addEventListener("selectionchange", () => this.#read("other"), { signal });
    this.#show();
  }

  /** Changes the document by other means than the field's. */
  change(action: () => void): void {
    if (this.#composing) {
      this.#held.push(action);
      return;
    }
    this.#read("other");
    action();
    this.#show();
  }

  /** Takes what the field holds into the document. */
  flush(): void {
    this.#read("other");
  }

  focus(): void {
    this.#element.focus({ preventScroll: true });
  }

  dispose(): void {
    this.#scope.abort();
    this.#composing = false;
    this.#release();
  }

  #read(kind: EditKind): void {
    const element = this.#element;
    const document = this.#document;
    const { value, selectionStart, selectionEnd, selectionDirection } = element;
    if (value !== document.text) {
      const { range, text } = editBetween(document.text, value, selectionEnd);
      const replaces = range.from < range.to && text !== "";
      document.edit(range, text, replaces && !this.#composing ? "other" : kind);
      if (this.#composing) this.#compose();
    }
    if (this.#composing || !this.#isFocused) return;
    const [anchor, caret] =
      selectionDirection === "backward" ? [selectionEnd, selectionStart] : [selectionStart, selectionEnd];
    if (anchor !== document.anchor || caret !== document.caret) document.select(anchor, caret);
  }

  #show(): void {
    const element = this.#element;
    const document = this.#document;
    if (element.value !== document.text) element.value = document.text;
    this.#showSelection();
  }

  #showSelection(): void {
    // A field that is not focused has no selection to show, and Safari would focus it.
    if (!this.#isFocused) return;
    const element = this.#element;
    const document = this.#document;
    const { anchor, caret } = document;
    const [start, end] = anchor < caret ? [anchor, caret] : [caret, anchor];
    if (element.selectionStart === start && element.selectionEnd === end) return;
    element.setSelectionRange(start, end, caret < anchor ? "backward" : "forward");
  }

  get #isFocused(): boolean {
    return this.#element.ownerDocument.activeElement === this.#element;
  }

  #beforeInput(event: InputEvent): void {
    // The browser's own history knows nothing of speech, and would bring back a text from before it.
    if (event.inputType !== "historyUndo" && event.inputType !== "historyRedo") return;
    event.preventDefault();
    this.change(() => (event.inputType === "historyUndo" ? this.#document.undo() : this.#document.redo()));
  }

  #compose(): void {
    this.#composing = true;
    window.clearTimeout(this.#patience);
    this.#patience = window.setTimeout(() => {
      if (this.#held.length > 0) this.#endComposition();
      else if (this.#composing) this.#compose();
    }, COMPOSITION_PATIENCE_MS);
  }

  #endComposition(): void {
    this.#read("type");
    this.#composing = false;
    this.#release();
  }

  #release(): void {
    window.clearTimeout(this.#patience);
    if (this.#held.length === 0) return;
    for (const action of this.#held.splice(0)) action();
    this.#show();
  }
}

/** Edits of one kind are undone together, word by word. */
function kindOf(inputType: string): EditKind {
  switch (inputType) {
    case "insertText":
    case "insertCompositionText":
    case "insertLineBreak":
      return "type";
    case "deleteContentBackward":
      return "erase-back";
    case "deleteContentForward":
      return "erase-forward";
    default:
      return "other";
  }
}
