import { isNameIn } from "../speech/names.js";
import { collapseBlanks, joinAt, joinText } from "../speech/text-format.js";
import { isVisible, lengthOf, markRun, type Run, type Step, type Token, textRun } from "./run.js";
import type { RunList } from "./run-list.js";
import { succession, tokenize } from "./tokens.js";

/** What the server says of an utterance. */
export interface UtteranceText {
  /** Text that stands. */
  committed: string;
  /** Text that may still change. */
  tentative: string;
  /** ISO 639-1 code. */
  language?: string;
}

/** Neighbouring text that decides about spaces and capitals. */
const CONTEXT_CHARS = 200;

/**
 * The place of one utterance in the making. Its text is that of the server, token by token, except where the user has been:
 * a token that the user touched or deleted stays as the user left it, and what the user typed between tokens stays between them.
 */
export class UtteranceRegion {
  /** The undo step of the whole utterance. */
  readonly step: Step;
  readonly #startMark = markRun("start");
  readonly #endMark = markRun("end");
  readonly #list: RunList;
  readonly #isName: (word: string) => boolean;

  constructor(
    readonly utterance: number,
    list: RunList,
    gap: number,
    isName: (word: string) => boolean,
  ) {
    this.#list = list;
    this.#isName = isName;
    this.step = { undone: false, utterance };
    list.runs.splice(gap, 0, this.#startMark, this.#endMark);
  }

  get from(): number {
    return this.#list.offsetOf(this.#startMark);
  }

  get to(): number {
    return this.#list.offsetOf(this.#endMark);
  }

  /** Visible ranges that may still change. */
  tentativeRanges(): { from: number; to: number }[] {
    const ranges: { from: number; to: number }[] = [];
    let offset = this.from;
    for (const run of this.inner()) {
      const end = offset + lengthOf(run);
      const last = ranges.at(-1);
      if (!run.token?.tentative || end === offset) offset = end;
      else if (last?.to === offset) last.to = end;
      else ranges.push({ from: offset, to: end });
      offset = end;
    }
    return ranges;
  }

  /** Runs between the marks. */
  inner(): Run[] {
    const { runs } = this.#list;
    return runs.slice(runs.indexOf(this.#startMark) + 1, runs.indexOf(this.#endMark));
  }

  /** Brings it up to date. @param isFollowed the next utterance stands behind it: the joint there is the next one's */
  update(text: UtteranceText, isFollowed = false): void {
    const list = this.#list;
    const { from, to } = this;
    const before = list.text.slice(Math.max(0, from - CONTEXT_CHARS), from);
    const after = isFollowed ? "" : list.text.slice(to, to + CONTEXT_CHARS);
    const committed = collapseBlanks(text.committed);
    const whole = joinText(committed, collapseBlanks(text.tentative), text.language);
    const { language } = text;
    const isName = (word: string) => this.#isName(word) || this.#standsElsewhere(word);
    const joined = joinAt(before, whole, after, { ...(language && { language }), isName });
    const tokens = readTokens(joined, committed.length, text.tentative.trim() === "");
    const runs = this.#merge(tokens);
    trimStart(runs, before);
    const start = list.runs.indexOf(this.#startMark);
    list.runs.splice(start + 1, list.runs.indexOf(this.#endMark) - start - 1, ...runs);
    list.changed();
  }

  #standsElsewhere(word: string): boolean {
    const { text } = this.#list;
    return isNameIn(text.slice(0, this.from), word) || isNameIn(text.slice(this.to), word);
  }

  /** The text stands: from here on it is like any other. */
  settle(): void {
    for (const run of this.inner()) run.token = undefined;
    this.#list.runs = this.#list.runs.filter((run) => run !== this.#startMark && run !== this.#endMark);
    this.#list.compact();
  }

  #merge(news: Token[]): Run[] {
    const cells = cellsOf(this.inner());
    const olds = cells.flatMap(({ token }) => (token ? [token] : []));
    const { successor, added } = succession(
      olds.map(({ source }) => source),
      news.map(({ source }) => source),
    );
    const runs: Run[] = [];
    let behindDeleted = false;
    const add = (indexes: number[]) => {
      for (const j of indexes) {
        const token = news[j]!;
        // The comma of a word that the user has deleted.
        if (behindDeleted && /^\p{P}+$/u.test(token.source)) continue;
        behindDeleted = false;
        runs.push(textRun(token.source, this.step, token));
      }
    };
    let i = 0;
    for (const cell of cells) {
      if (cell.token) {
        add(added[i]!);
        behindDeleted = cell.runs.every((run) => lengthOf(run) === 0);
        runs.push(...renewed(cell, news[successor[i]!], this.step));
        i++;
      } else runs.push(...cell.runs);
    }
    add(added[i]!);
    return runs;
  }
}

/** A token with all its runs, and what the user put between them; or a run of the user's alone. */
interface Cell {
  token: Token | undefined;
  runs: Run[];
}

function cellsOf(runs: readonly Run[]): Cell[] {
  const cells: Cell[] = [];
  for (let i = 0; i < runs.length; i++) {
    const { token } = runs[i]!;
    const last = token ? runs.findLastIndex((run) => run.token === token) : i;
    cells.push({ token, runs: runs.slice(i, last + 1) });
    i = last;
  }
  return cells;
}

/** The cell's runs when `next` takes its token's place. */
function renewed({ token, runs }: Cell, next: Token | undefined, step: Step): Run[] {
  const visible = runs.filter(isVisible);
  const isAsSent =
    visible.every((run) => run.step === step) && visible.map((run) => run.text).join("") === token?.source;
  if (isAsSent) {
    // Edits that were undone may come back: their runs stay behind the word.
    const users = runs.filter((run) => run.step !== step);
    if (!next) return users;
    const run = runs.find((each) => each.token === token)!;
    Object.assign(run, { text: next.source, token: next, deletedBy: undefined });
    return [run, ...users];
  }
  for (const run of runs) if (run.token) run.token = next;
  return runs;
}

function readTokens(shown: string, committedLength: number, complete: boolean): Token[] {
  const committedEnd = (shown.startsWith(" ") ? 1 : 0) + committedLength;
  let offset = 0;
  return tokenize(shown).map((source) => {
    const tentative = !complete && offset >= committedEnd;
    offset += source.length;
    return { source, tentative };
  });
}

/** What followed on a word that the user has deleted needs no space any more. */
function trimStart(runs: Run[], before: string): void {
  const first = runs.find((run) => lengthOf(run) > 0);
  if (!first?.token || !/^\s+$/.test(first.text) || runs[0] === first) return;
  if (before === "" || /\s$/.test(before)) first.text = "";
}
