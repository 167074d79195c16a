import { canMerge, isVisible, lengthOf, type Run, type Step, textRun } from "./run.js";

/** The runs of a document in order, addressed by offsets into the visible text. */
export class RunList {
  runs: Run[] = [];
  #cached: string | undefined;

  /** The visible text. */
  get text(): string {
    this.#cached ??= this.runs.map((run) => (isVisible(run) ? run.text : "")).join("");
    return this.#cached;
  }

  /** To be called when runs, or the steps that decide what is visible, were changed from outside. */
  changed(): void {
    this.#cached = undefined;
  }

  /** Visible characters before a run. */
  offsetOf(run: Run): number {
    let offset = 0;
    for (const each of this.runs) {
      if (each === run) return offset;
      offset += lengthOf(each);
    }
    return offset;
  }

  /**
   * The place in the list where text typed at `offset` belongs. Where several places look the same, it is the last that is not
   * within a live region: what is typed at the edge of a region stays outside of it, and an empty region stays before it.
   */
  gapAt(offset: number): number {
    let index = this.#split(offset);
    const first = index;
    while (index < this.runs.length && lengthOf(this.runs[index]!) === 0) index++;
    for (let i = first, open = -1; i <= index; i++) {
      if (i === index) return open < 0 ? index : open;
      const { mark } = this.runs[i]!;
      if (mark === "start") open = i;
      if (mark === "end") open = -1;
    }
    return index;
  }

  insert(gap: number, text: string, step: Step): void {
    const left = this.runs[gap - 1];
    const run = textRun(text, step);
    if (left && canMerge(left, run)) left.text += text;
    else this.runs.splice(gap, 0, run);
    this.changed();
  }

  /** Deletes a visible range; live text in it stays deleted when it is updated. */
  remove(from: number, to: number, step: Step): void {
    const end = this.#split(to);
    const before = this.runs.length;
    const start = this.#split(from);
    const shift = this.runs.length - before;
    for (let i = start; i < end + shift; i++) {
      const run = this.runs[i]!;
      if (isVisible(run)) run.deletedBy = step;
    }
    this.changed();
  }

  /** Makes neighbours of the same origin one, and forgets what can never be seen again. */
  compact(isGone: (run: Run) => boolean = () => false): void {
    const runs: Run[] = [];
    for (const run of this.runs) {
      if (isGone(run)) continue;
      const left = runs.at(-1);
      if (left && canMerge(left, run)) left.text += run.text;
      else if (run.text !== "" || run.mark) runs.push(run);
    }
    this.runs = runs;
    this.changed();
  }

  /** Makes `offset` a border between runs. @returns the index of the first run after it */
  #split(offset: number): number {
    let at = 0;
    for (let i = 0; i < this.runs.length; i++) {
      if (at === offset) return i;
      const run = this.runs[i]!;
      const length = lengthOf(run);
      if (at + length > offset) {
        const cut = offset - at;
        this.runs.splice(i, 1, { ...run, text: run.text.slice(0, cut) }, { ...run, text: run.text.slice(cut) });
        return i + 1;
      }
      at += length;
    }
    return this.runs.length;
  }
}
