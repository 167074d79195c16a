/** What a document is made of. */

/** One undoable step: a group of keystrokes, a paste, an utterance. */
export interface Step {
  undone: boolean;
  /** The number of the utterance that it is, if it is one. */
  utterance?: number;
}

/** A word, space or punctuation mark of a live region, as the server last sent it. */
export interface Token {
  source: string;
  /** May still change, even by the server's own promise. */
  tentative: boolean;
}

/**
 * A stretch of text of one origin. Whether it is to be seen follows from the steps that wrote and deleted it: nothing has
 * to be moved, copied or renumbered to undo a step, so undo and live text cannot get into each other's way.
 */
export interface Run {
  text: string;
  /** The step that wrote it. */
  step: Step;
  /** The step that deleted it. */
  deletedBy: Step | undefined;
  /** What it belongs to while its region is live. */
  token: Token | undefined;
  /** A run without text that marks an end of a live region. */
  mark: "start" | "end" | undefined;
}

export function textRun(text: string, step: Step, token?: Token): Run {
  return { text, step, deletedBy: undefined, token, mark: undefined };
}

export function markRun(mark: "start" | "end"): Run {
  return { text: "", step: { undone: false }, deletedBy: undefined, token: undefined, mark };
}

export function isVisible(run: Run): boolean {
  return !run.step.undone && (run.deletedBy === undefined || run.deletedBy.undone);
}

/** Length of what is to be seen of it. */
export function lengthOf(run: Run): number {
  return isVisible(run) ? run.text.length : 0;
}

/** Whether two neighbours may become one run. */
export function canMerge(left: Run, right: Run): boolean {
  return (
    left.step === right.step &&
    left.deletedBy === right.deletedBy &&
    left.token === undefined &&
    right.token === undefined &&
    left.mark === undefined &&
    right.mark === undefined
  );
}
