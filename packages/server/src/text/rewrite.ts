import type { Atom } from "./atoms.js";

/** What a rule does at one place. */
export interface Rewrite {
  /** Atoms of the input that are dealt with, at least 1. */
  take: number;
  /** What stands there instead. */
  put: readonly Atom[];
  /**
   * Index behind the last atom that was looked at; beyond the end of the text where more of it could have changed the outcome. It
   * decides whether live text may be shown as certain.
   */
  looked: number;
  /** More may make this something that must not be shown: live text leaves it out until it is known. */
  secret?: boolean;
}

/**
 * One kind of work on text, from left to right.
 *
 * @param atoms the whole text
 * @param at where to look
 * @param before what the rule has written so far
 * @returns undefined: the atom stays, whatever follows
 */
export type Rule = (atoms: readonly Atom[], at: number, before: readonly Atom[]) => Rewrite | undefined;

/** Text of which the first atoms are certain; a final is all certain. */
export interface Grown {
  atoms: readonly Atom[];
  certain: number;
  /** Behind this index nothing may be shown yet. @default all */
  shown?: number;
}

/** A final: nothing follows any more. */
export const COMPLETE = Number.POSITIVE_INFINITY;

/**
 * Applies a rule. What was certain and could not have come out otherwise, whatever is said next, is certain in the result: so the
 * certain text of a longer input begins with that of a shorter one.
 */
export function rewrite({ atoms, certain, shown = COMPLETE }: Grown, rule: Rule): Grown {
  const result: Atom[] = [];
  let sure = true;
  let sureCount = 0;
  let shownCount = COMPLETE;
  for (let at = 0; at < atoms.length; ) {
    if (at >= shown && shownCount === COMPLETE) shownCount = result.length;
    const found = rule(atoms, at, result);
    const { take, put, looked } = found ?? { take: 1, put: [atoms[at]!], looked: at + 1 };
    if (found?.secret && looked > atoms.length && certain !== COMPLETE)
      shownCount = Math.min(shownCount, result.length);
    sure &&= Math.max(looked, at + take) <= certain;
    result.push(...put);
    if (sure) sureCount = result.length;
    at += Math.max(1, take);
  }
  if (certain === COMPLETE) return { atoms: result, certain: COMPLETE };
  return { atoms: result, certain: sureCount, ...(shownCount < COMPLETE && { shown: shownCount }) };
}
