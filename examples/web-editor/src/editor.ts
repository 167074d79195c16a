/** The text of the page: what is typed and what is said, as one store for React. */
import { type ExportSegment, separator } from "@stt/core";
import { TextDocument, type TextRange } from "@stt/core/document";
import type { ClientEvent } from "@stt/react";
import { Doubts } from "./text/doubts.js";
import { TextField } from "./text-field.js";

/** What there is to draw. Immutable. */
export interface EditorView {
  text: string;
  /** Text that may still change, in order. */
  tentative: readonly TextRange[];
  /** Words that the server was not sure of, where it told. */
  doubtful: readonly TextRange[];
  /** What is selected, if anything. */
  selection: TextRange | undefined;
  /** Where the next words will go. */
  caret: number;
  /** Where the latest words ended; undefined before anything was said. */
  spokenTo: number | undefined;
  /** Grows with each text of the server. */
  spoken: number;
  /** The latest final texts, oldest first, for those who listen to the page. */
  finals: readonly { utterance: number; text: string }[];
  /** Something was said that subtitles can be made of. */
  hasTimes: boolean;
  canUndo: boolean;
  canRedo: boolean;
}

/** What the server said of an utterance. */
type Cue = ExportSegment;

/** Something that was selected and said anew. */
export interface Correction {
  heard: string;
  said: string;
}

/** Finals that a screen reader may still be reading. */
const ANNOUNCED = 3;

export class Editor {
  readonly #document: TextDocument;
  readonly #listeners = new Set<() => void>();
  readonly #cues = new Map<number, Cue>();
  readonly #doubts = new Doubts();
  /** What was selected when an utterance began: it is said anew. */
  readonly #replaced = new Map<number, string>();
  #field: TextField | undefined;
  #finals: EditorView["finals"] = [];
  #spoken = 0;
  #view: EditorView | undefined;

  constructor(text: string) {
    this.#document = new TextDocument(text);
    this.#document.moveTo(text.length);
    this.#document.onChange(() => this.#changed());
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly getSnapshot = (): EditorView => {
    const document = this.#document;
    this.#view ??= {
      text: document.text,
      tentative: document.tentativeRanges(),
      doubtful: this.#doubts.rangesIn(document),
      selection: document.selection,
      caret: document.caret,
      spokenTo: document.spokenTo,
      spoken: this.#spoken,
      finals: this.#finals,
      hasTimes: this.#cues.size > 0,
      canUndo: document.canUndo,
      canRedo: document.canRedo,
    };
    return this.#view;
  };

  /** Shows the text in a field, and takes what is typed there. @returns a function that ends it */
  readonly attach = (element: HTMLTextAreaElement): (() => void) => {
    const field = new TextField(element, this.#document);
    this.#field = field;
    return () => {
      field.dispose();
      if (this.#field === field) this.#field = undefined;
    };
  };

  /** Writes what the server says. @returns what was selected, and what was said in its place, once that is final */
  readonly take = (event: ClientEvent): Correction | undefined => {
    switch (event.type) {
      case "speech_start":
        this.#change(() => {
          const { selectedText } = this.#document;
          if (selectedText !== "") this.#replaced.set(event.utterance, selectedText.trim());
          this.#document.begin(event.utterance);
        });
        return undefined;
      case "partial":
        this.#spoken++;
        this.#change(() => this.#document.update(event.utterance, event));
        return undefined;
      case "final":
        this.#spoken++;
        this.#change(() => this.#finish(event));
        return this.#correctionBy(event.utterance);
      case "status":
        if (event.status === "idle" || event.status === "failed" || event.status === "closed")
          this.#change(() => this.#document.settle());
        return undefined;
      default:
        return undefined;
    }
  };

  /** Takes back the latest typing or utterance. */
  readonly undo = (): void => this.#change(() => void this.#document.undo());

  readonly redo = (): void => this.#change(() => void this.#document.redo());

  /** Writes in place of a range, as one step. */
  readonly replace = (range: TextRange, text: string): void =>
    this.#change(() => this.#document.edit(range, text, "other"));

  /** Puts the same in place of many ranges, which do not overlap. */
  readonly replaceAll = (ranges: readonly TextRange[], text: string): void =>
    this.#change(() => this.#document.editAll(ranges, text));

  /** Writes at the caret, in place of the selection, as one step; apart by a space from what stands before it. */
  readonly insert = (text: string): void =>
    this.#change(() => {
      const { selection, caret } = this.#document;
      const before = this.#document.text.slice(0, selection?.from ?? caret);
      this.#document.paste(separator(before, text) + text);
    });

  readonly select = ({ from, to }: TextRange): void => this.#change(() => this.#document.select(from, to));

  readonly selectAll = (): void => this.#change(() => this.#document.selectAll());

  /** Deletes what is selected, else what was said last. */
  readonly deleteThat = (): void =>
    this.#change(() => {
      const spoken = [...this.#cues.keys()].reverse().map((utterance) => this.#document.spokenRange(utterance));
      const range = this.#document.selection ?? spoken.find((each) => each !== undefined);
      if (range) this.#document.edit(range, "", "other");
    });

  /** Deletes everything. @returns takes back just that */
  readonly clear = (): (() => void) => {
    let takeBack = () => false;
    this.#change(() => {
      takeBack = this.#document.clear();
    });
    return () => this.#change(() => void takeBack());
  };

  /** What was said of the text, with its times: with corrections, without what was undone. */
  segments(): ExportSegment[] {
    this.#field?.flush();
    return [...this.#cues].map(([utterance, cue]) => ({
      ...cue,
      text: cueText(cue.text, this.#document.spokenText(utterance)),
    }));
  }

  focus(): void {
    this.#field?.focus();
  }

  #finish(final: Extract<ClientEvent, { type: "final" }>): void {
    const { utterance, startMs, endMs, language } = final;
    this.#document.finish(utterance, final);
    const text = final.text.trim();
    if (text === "") return;
    this.#doubts.take(final);
    this.#cues.set(utterance, { text, startMs, endMs, language });
    this.#finals = [...this.#finals, { utterance, text }].slice(-ANNOUNCED);
    this.#changed();
  }

  #correctionBy(utterance: number): Correction | undefined {
    const heard = this.#replaced.get(utterance);
    this.#replaced.delete(utterance);
    const said = this.#document.spokenText(utterance).trim();
    return heard === undefined || said === "" || said === heard ? undefined : { heard, said };
  }

  #change(action: () => void): void {
    if (this.#field) this.#field.change(action);
    else action();
  }

  #changed(): void {
    this.#view = undefined;
    for (const listener of [...this.#listeners]) listener();
  }
}

/**
 * A subtitle stands alone: the capital and the full stop that it lost to the place in the text where it was written come back. What
 * the user changed stays.
 */
function cueText(said: string, written: string): string {
  const first = written.charAt(0);
  const text = said.charAt(0).toLowerCase() === first ? said.charAt(0) + written.slice(1) : written;
  return said === `${text}.` || (said.endsWith(".") && lastWord(said.slice(0, -1)) === lastWord(text))
    ? `${text}.`
    : text;
}

function lastWord(text: string): string {
  return text.slice(text.lastIndexOf(" ") + 1);
}
