import { ListenerSet } from "../callers/listener-set.js";
import { nextGrapheme, nextWord, previousGrapheme, previousWord, wordAt } from "./graphemes.js";
import { type EditKind, History } from "./history.js";
import { isVisible, lengthOf, type Run } from "./run.js";
import { RunList } from "./run-list.js";
import { UtteranceRegion, type UtteranceText } from "./utterance-region.js";

/** From one offset to another, in UTF-16 units of the text. */
export interface TextRange {
  from: number;
  to: number;
}

/** Motions that need no screen. */
export type Motion = "left" | "right" | "word-left" | "word-right" | "start" | "end";

/**
 * A text that is typed and dictated at the same time. It knows nothing of terminals, servers or clocks.
 *
 * Typing, deleting and undo are the user's; `begin`, `update` and `finish` write an utterance at the place where the caret was
 * when it began. Neither ever removes what the other wrote, except that the user may delete anything.
 */
export class TextDocument {
  readonly #list = new RunList();
  readonly #history = new History(this.#list);
  #regions: UtteranceRegion[] = [];
  #caretOffset = 0;
  /** The other end of the selection; equal to the caret when nothing is selected. */
  #anchorOffset = 0;
  #spokenOffset: number | undefined;
  readonly #listeners = new ListenerSet();
  /** What was selected when an utterance began that has no words yet; gone as soon as the user selects or writes something else. */
  #toReplace: { region: UtteranceRegion; selection: TextRange } | undefined;

  readonly #isName: (word: string) => boolean;

  /**
   * @param text what it opens with; cannot be undone.
   * @param isName whether a word keeps its capital within a sentence, beside those that the text itself shows to be names
   */
  constructor(text = "", isName: (word: string) => boolean = () => false) {
    this.#isName = isName;
    if (text !== "") this.#list.insert(0, text, { undone: false });
  }

  get text(): string {
    return this.#list.text;
  }

  get caret(): number {
    return this.#caretOffset;
  }

  /** Where the selection began; the caret's place when there is none. */
  get anchor(): number {
    return this.#anchorOffset;
  }

  /** What is selected, if anything. */
  get selection(): TextRange | undefined {
    const from = Math.min(this.#caretOffset, this.#anchorOffset);
    const to = Math.max(this.#caretOffset, this.#anchorOffset);
    return from === to ? undefined : { from, to };
  }

  get selectedText(): string {
    const { selection } = this;
    return selection ? this.text.slice(selection.from, selection.to) : "";
  }

  /** Whether an utterance is being written. */
  get isLive(): boolean {
    return this.#regions.length > 0;
  }

  /** Whether {@link undo} would do anything. */
  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  /** Whether {@link redo} would do anything. */
  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /** Text that may still change, in order. */
  tentativeRanges(): TextRange[] {
    return this.#regions.flatMap((region) => region.tentativeRanges()).sort((a, b) => a.from - b.from);
  }

  /** Where the text of the latest utterance ended when it was last written; undefined before anything was said. */
  get spokenTo(): number | undefined {
    return this.#spokenOffset === undefined ? undefined : Math.min(this.#spokenOffset, this.text.length);
  }

  /**
   * What the text holds now of a finished utterance, the user's corrections within it included; empty when it was undone or
   * deleted. For subtitles, which need its words with its times.
   */
  spokenText(utterance: number): string {
    const { runs } = this.#list;
    const { first, last } = this.#spokenRuns(utterance);
    if (first < 0 || runs[first]!.step.undone) return "";
    return runs
      .slice(first, last + 1)
      .filter((run) => isVisible(run) && (run.step.utterance === undefined || run.step.utterance === utterance))
      .map((run) => run.text)
      .join("");
  }

  /** Where {@link spokenText} stands; undefined when nothing of it is left. */
  spokenRange(utterance: number): TextRange | undefined {
    const { first, last } = this.#spokenRuns(utterance);
    if (first < 0 || this.#list.runs[first]!.step.undone) return undefined;
    const from = this.#list.offsetOf(this.#list.runs[first]!);
    const to = this.#list.offsetOf(this.#list.runs[last]!) + lengthOf(this.#list.runs[last]!);
    return from < to ? { from, to } : undefined;
  }

  /** Calls `listener` after every change of text, caret or selection. @returns a function that ends it */
  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Types at the caret, in place of the selection. */
  type(text: string): void {
    this.#replaceSelection(text, this.selection ? "other" : "type");
  }

  /** Inserts at the caret as one undo step. */
  paste(text: string): void {
    this.#replaceSelection(text, "other");
    this.#history.endGroup();
  }

  /**
   * Replaces a range as somebody else's text field has already done it; the caret goes behind the new text.
   *
   * @param kind edits of one kind and one word are undone together; `other` stands alone
   */
  edit(range: TextRange, text: string, kind: EditKind): void {
    const { from, to } = range;
    if (text === "" && from === to) return;
    const step = this.#history.stepFor(kind, text);
    if (from < to) this.#list.remove(from, to, step);
    if (text !== "") this.#list.insert(this.#list.gapAt(from), text, step);
    this.#place(from + text.length, from + text.length);
  }

  /** Puts the same text in place of many ranges, as one step. @param ranges that do not overlap */
  editAll(ranges: readonly TextRange[], text: string): void {
    if (ranges.length === 0) return;
    const step = this.#history.stepFor("other");
    let end = 0;
    // From the last, so that the places before it stay where they are.
    for (const { from, to } of [...ranges].sort((a, b) => b.from - a.from)) {
      this.#list.remove(from, to, step);
      if (text !== "") this.#list.insert(this.#list.gapAt(from), text, step);
      end = from + text.length;
    }
    this.#history.endGroup();
    this.#place(end, end);
  }

  /** Deletes everything, as one step. @returns undoes just that, whatever was said or typed since; false when that was done already */
  clear(): () => boolean {
    this.#history.endGroup();
    const step = this.#history.stepFor("other");
    this.#list.remove(0, this.text.length, step);
    this.#history.endGroup();
    this.#place(0, 0);
    return () => this.#show(this.#history.undoStep(step));
  }

  /** Deletes the selection, or from the caret to where a motion leads. */
  erase(motion: "left" | "right" | "word-left" | "word-right"): void {
    const { selection, caret } = this;
    const target = this.#target(motion);
    const range = selection ?? { from: Math.min(caret, target), to: Math.max(caret, target) };
    if (range.from === range.to) return;
    const single = motion === "left" ? "erase-back" : motion === "right" ? "erase-forward" : "other";
    this.#list.remove(range.from, range.to, this.#history.stepFor(selection ? "other" : single));
    this.#place(range.from, range.from);
  }

  /** Moves the caret; with `select` the selection reaches from where it was. */
  move(motion: Motion, select = false): void {
    const { selection } = this;
    if (selection && !select && (motion === "left" || motion === "right")) {
      this.moveTo(motion === "left" ? selection.from : selection.to);
    } else {
      this.moveTo(this.#target(motion), select);
    }
  }

  /** Moves the caret to an offset, which is kept within the text and out of characters. */
  moveTo(offset: number, select = false): void {
    const caret = this.#clamp(offset);
    this.#history.endGroup();
    this.#place(caret, select ? this.#anchorOffset : caret);
  }

  /** Selects from `anchor` to `caret`. */
  select(anchor: number, caret: number): void {
    this.#history.endGroup();
    this.#place(this.#clamp(caret), this.#clamp(anchor));
  }

  selectAll(): void {
    this.select(0, this.text.length);
  }

  selectWordAt(offset: number): void {
    const { from, to } = wordAt(this.text, this.#clamp(offset));
    this.select(from, to);
  }

  /** Takes back the latest step: typing, a paste, a deletion, or a finished utterance. @returns whether there was one */
  undo(): boolean {
    return this.#show(this.#history.undo());
  }

  redo(): boolean {
    return this.#show(this.#history.redo());
  }

  /**
   * Speech has begun: its text will stand where the caret is now, in place of the selection, as typing would. The selection goes with
   * the first words, so that a noise deletes nothing; undoing the utterance brings it back. Calling it again for the same utterance
   * does nothing.
   */
  begin(utterance: number): void {
    if (this.#find(utterance)) return;
    const { selection } = this;
    let gap = this.#list.gapAt(selection?.to ?? this.#caretOffset);
    // Within another utterance's words there is no place for a second one.
    const around = this.#regions.find(({ from, to }) => from < this.#caretOffset && this.#caretOffset < to);
    if (around) gap = this.#list.gapAt(around.to);
    const region = new UtteranceRegion(utterance, this.#list, gap, this.#isName);
    this.#regions.push(region);
    if (selection && !around) this.#toReplace = { region, selection };
  }

  /** The utterance so far. */
  update(utterance: number, text: UtteranceText): void {
    this.begin(utterance);
    this.#write(this.#find(utterance)!, text);
  }

  /** The utterance's final text; it becomes one undo step. Nothing of it stays, except the user's edits, when the text is empty. */
  finish(utterance: number, final: { text: string; language?: string }): void {
    this.begin(utterance);
    const region = this.#find(utterance)!;
    // Finals come in the order of speech: what is older and still open will get none.
    for (const older of this.#regions.filter((each) => each.utterance < utterance)) this.#settleRegion(older);
    const { text, language } = final;
    this.#write(region, { committed: text, tentative: "", ...(language ? { language } : {}) });
    this.#settleRegion(region);
  }

  /** No more will come of what is live: it stands as it reads. */
  settle(): void {
    for (const region of [...this.#regions]) this.#settleRegion(region);
  }

  #settleRegion(region: UtteranceRegion): void {
    this.#regions = this.#regions.filter((each) => each !== region);
    const wrote = region.inner().some((run) => run.step === region.step);
    // It came to nothing: what it would have replaced stays.
    if (!wrote) for (const run of this.#list.runs) if (run.deletedBy === region.step) run.deletedBy = undefined;
    region.settle();
    if (wrote) this.#history.push(region.step);
    this.#emit();
  }

  /** Deletes what was selected when the utterance began, if it still is. */
  #replaceSelected(region: UtteranceRegion): void {
    const replaced = this.#toReplace;
    if (replaced?.region !== region) return;
    this.#toReplace = undefined;
    const { selection } = this;
    const { from, to } = replaced.selection;
    if (selection?.from !== from || selection.to !== to || region.from !== to) return;
    this.#history.endGroup();
    this.#list.remove(from, to, region.step);
    this.#place(from, from);
  }

  #write(region: UtteranceRegion, text: UtteranceText): void {
    if (text.committed.trim() + text.tentative.trim() !== "") this.#replaceSelected(region);
    const moveCaret = this.#follow(region, this.#caretOffset, true);
    // What was selected up to a region does not grow with it; the caret has to, for more speech is to follow there.
    const moveAnchor = this.#follow(region, this.#anchorOffset, !this.selection);
    const { to } = region;
    region.update(
      text,
      this.#regions.some((each) => each.utterance > region.utterance && each.from === to && each.to > to),
    );
    this.#spokenOffset = region.to;
    this.#place(moveCaret(), moveAnchor());
  }

  /** Where an offset is after the region has changed. `sticks`: what is at the region's end stays at its end. */
  #follow(region: UtteranceRegion, offset: number, sticks: boolean): () => number {
    const { from, to } = region;
    if (offset > to || (offset === to && sticks)) return () => region.to + offset - to;
    if (offset <= from) return () => offset;
    const place = runBefore(region.inner(), offset - from);
    return () => {
      if (!place || !isVisible(place.run) || !this.#list.runs.includes(place.run)) return region.from;
      return Math.min(region.to, this.#list.offsetOf(place.run) + Math.min(place.within, place.run.text.length));
    };
  }

  /** Places in the list, -1 for none. */
  #spokenRuns(utterance: number): { first: number; last: number } {
    const isOwn = ({ step }: Run) => step.utterance === utterance;
    return { first: this.#list.runs.findIndex(isOwn), last: this.#list.runs.findLastIndex(isOwn) };
  }

  #replaceSelection(text: string, kind: EditKind): void {
    this.edit(this.selection ?? { from: this.caret, to: this.caret }, text, kind);
  }

  #target(motion: Motion): number {
    const { text, caret } = this;
    switch (motion) {
      case "left":
        return previousGrapheme(text, caret);
      case "right":
        return nextGrapheme(text, caret);
      case "word-left":
        return previousWord(text, caret);
      case "word-right":
        return nextWord(text, caret);
      case "start":
        return 0;
      case "end":
        return text.length;
    }
  }

  #show(offset: number | undefined): boolean {
    if (offset === undefined) return false;
    this.#place(offset, offset);
    return true;
  }

  #place(caret: number, anchor: number): void {
    this.#caretOffset = Math.max(0, Math.min(caret, this.text.length));
    this.#anchorOffset = Math.max(0, Math.min(anchor, this.text.length));
    this.#emit();
  }

  #clamp(offset: number): number {
    const within = Math.max(0, Math.min(Math.round(offset), this.text.length));
    const start = previousGrapheme(this.text, within);
    return nextGrapheme(this.text, start) > within && within > 0 ? start : within;
  }

  #find(utterance: number): UtteranceRegion | undefined {
    return this.#regions.find((region) => region.utterance === utterance);
  }

  #emit(): void {
    this.#listeners.call();
  }
}

/** The visible run that ends at, or reaches beyond, a number of characters. */
function runBefore(runs: readonly Run[], length: number): { run: Run; within: number } | undefined {
  let at = 0;
  for (const run of runs) {
    if (!isVisible(run)) continue;
    if (run.text.length > 0 && at + run.text.length >= length) return { run, within: length - at };
    at += run.text.length;
  }
  return undefined;
}
