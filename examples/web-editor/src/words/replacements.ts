/** What this user says, and what is written instead. */

import type { Replacement } from "@stt/core";
import { SESSION_SHAPE } from "@stt/core/callers";
import type { PatternFault } from "./check-patterns.js";
import { KeptList } from "./kept-list.js";

export interface Rule extends Replacement {
  /** Of a pattern: the server can read it. A session is not told of one before. */
  isRead?: boolean;
  /** Why it cannot, in RE2's words. */
  fault?: string;
}

/** Of all rules together: what the first message of a session has room for, beside a vocabulary. */
export const MAX_CHARACTERS = 40_000;

/** In the order in which they are applied. */
export class Replacements extends KeptList<Rule> {
  #sent: { of: readonly Rule[]; rules: Replacement[] } | undefined;

  constructor() {
    super("stt-editor.replacements", read);
  }

  /** Those that a session is told of; the same array until something changes. */
  readonly getSent = (): Replacement[] => {
    const rules = this.getSnapshot();
    if (this.#sent?.of !== rules) this.#sent = { of: rules, rules: rules.filter(isUsed).map(plain) };
    return this.#sent.rules;
  };

  /**
   * Adds rules behind the others; one for the same words takes the place of the one that is there.
   *
   * @returns false when they are too many or too long
   */
  add(...added: Rule[]): boolean {
    const rules = [...this.getSnapshot()];
    for (const rule of added) {
      const at = rules.findIndex((each) => isSame(each, rule));
      rules.splice(at < 0 ? rules.length : at, at < 0 ? 0 : 1, rule);
    }
    return this.#take(rules);
  }

  /** Puts a rule in the place of another. @returns as {@link add} */
  change(rule: Rule, into: Rule): boolean {
    const others = this.getSnapshot().filter((each) => each === rule || !isSame(each, into));
    return this.#take(others.map((each) => (each === rule ? into : each)));
  }

  remove(rule: Rule): void {
    this.save(this.getSnapshot().filter((each) => each !== rule));
  }

  /** @param by -1 is one place up */
  move(rule: Rule, by: 1 | -1): void {
    const rules = [...this.getSnapshot()];
    const from = rules.indexOf(rule);
    const to = from + by;
    if (from < 0 || to < 0 || to >= rules.length) return;
    rules.splice(from, 1);
    rules.splice(to, 0, rule);
    this.save(rules);
  }

  #take(rules: readonly Rule[]): boolean {
    if (!isWithinBounds(rules)) return false;
    this.save(rules);
    return true;
  }

  /**
   * Has the server read the patterns that it has not read yet.
   *
   * @param key access key of the server
   * @throws SttError where it does not answer: then they wait
   */
  async check(key: string | undefined): Promise<void> {
    const unread = this.getSnapshot().filter((each) => each.pattern && !each.isRead && each.fault === undefined);
    if (unread.length === 0) return;
    const { faultsOf } = await import("./check-patterns.js");
    const faults = await faultsOf(
      unread.map(({ find }) => find),
      key,
    );
    this.save(
      this.getSnapshot().map((each) => {
        const at = unread.indexOf(each);
        return at < 0
          ? each
          : withResult(
              each,
              faults.find(({ index }) => index === at),
            );
      }),
    );
  }
}

export const REPLACEMENTS = new Replacements();

/** A rule as a session and a file have it. */
export function plain({ find, replace, pattern }: Rule): Replacement {
  return pattern ? { find, replace, pattern } : { find, replace };
}

function isUsed({ pattern, isRead }: Rule): boolean {
  return !pattern || isRead === true;
}

function isSame(a: Rule, b: Rule): boolean {
  if (a.pattern || b.pattern) return a.pattern === b.pattern && a.find === b.find;
  return a.find.toLowerCase() === b.find.toLowerCase();
}

function withResult(rule: Rule, fault: PatternFault | undefined): Rule {
  return fault ? { ...rule, fault: fault.reason } : { ...rule, isRead: true };
}

function isWithinBounds(rules: unknown): rules is Rule[] {
  if (!SESSION_SHAPE.replace.is(rules)) return false;
  return rules.reduce((sum, { find, replace }) => sum + find.length + replace.length, 0) <= MAX_CHARACTERS;
}

function read(found: unknown): readonly Rule[] {
  return isWithinBounds(found) ? found : [];
}
