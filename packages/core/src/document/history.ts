import { isVisible, type Step } from "./run.js";
import type { RunList } from "./run-list.js";

/** Kinds of edits that group with their like. */
export type EditKind = "type" | "erase-back" | "erase-forward" | "other";

/** Steps beyond this are kept for good. */
const MAX_STEPS = 1000;

/** Undo and redo. A step is undone by hiding what it wrote and showing what it deleted, wherever that is by now. */
export class History {
  readonly #base: Step = { undone: false };
  #done: Step[] = [];
  #undone: Step[] = [];
  #group: { step: Step; kind: EditKind; afterSpace: boolean } | undefined;
  readonly #list: RunList;

  constructor(list: RunList) {
    this.#list = list;
  }

  /** The step for an edit of the user's: that of the edit before when both are of one kind and one word. */
  stepFor(kind: EditKind, text = ""): Step {
    this.#forgetUndone();
    const group = this.#group;
    const beginsWord = group?.afterSpace === true && !/^\s/.test(text);
    if (group && kind !== "other" && group.kind === kind && group.step === this.#done.at(-1) && !beginsWord) {
      group.afterSpace = /\s$/.test(text);
      return group.step;
    }
    const step: Step = { undone: false };
    this.push(step);
    this.#group = { step, kind, afterSpace: /\s$/.test(text) };
    return step;
  }

  /** Adds the step of an utterance. What was undone before can still be redone: speech is no change of mind. */
  push(step: Step): void {
    this.#done.push(step);
    if (this.#done.length > MAX_STEPS) this.#absorb(this.#done.shift()!);
  }

  /** The next edit begins a step of its own. */
  endGroup(): void {
    this.#group = undefined;
  }

  /** @returns where the change ends; undefined when there is nothing to undo. */
  undo(): number | undefined {
    return this.#toggle(this.#done, this.#undone);
  }

  redo(): number | undefined {
    return this.#toggle(this.#undone, this.#done);
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Undoes one step, whatever was done since. @returns as `undo`; undefined also when it is undone already */
  undoStep(step: Step): number | undefined {
    const index = this.#done.lastIndexOf(step);
    if (index < 0) return undefined;
    this.#done.push(...this.#done.splice(index, 1));
    return this.undo();
  }

  #toggle(from: Step[], to: Step[]): number | undefined {
    const step = from.pop();
    if (!step) return undefined;
    to.push(step);
    step.undone = !step.undone;
    this.endGroup();
    this.#list.changed();
    let offset = 0;
    let end = 0;
    for (const run of this.#list.runs) {
      if (isVisible(run)) offset += run.text.length;
      if (run.step === step || run.deletedBy === step) end = offset;
    }
    return end;
  }

  /** A new edit ends the chance to redo. */
  #forgetUndone(): void {
    if (this.#undone.length === 0) return;
    const gone = new Set(this.#undone);
    this.#undone = [];
    for (const run of this.#list.runs) if (run.deletedBy && gone.has(run.deletedBy)) run.deletedBy = undefined;
    this.#list.compact((run) => gone.has(run.step));
  }

  #absorb(step: Step): void {
    // An utterance stays one, for those who ask what became of it.
    if (step.utterance === undefined) for (const run of this.#list.runs) if (run.step === step) run.step = this.#base;
    this.#list.compact((run) => run.deletedBy === step && run.token === undefined);
  }
}
