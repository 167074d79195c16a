/** What the server is taught by this user: words to expect, and what is written instead of what is said. */
import path from "node:path";
import { checkPatterns } from "@stt/client-node/cli";
import {
  formatVocabulary,
  isVocabulary,
  parseVocabulary,
  type Replacement,
  readReplacements,
  type SessionOptions,
  type VocabularyTerm,
  vocabularyOf,
  writeReplacements,
} from "@stt/core";
import { SESSION_SHAPE } from "@stt/core/callers";
import { replacementFormat, VOCABULARY } from "./formats.js";
import { ListFile } from "./list-file.js";

/** One of either kind. */
export interface Entry {
  /** As a line of its file. */
  line: string;
  term?: VocabularyTerm;
  rule?: Replacement;
  /** Of a pattern that the server cannot read: why, in RE2's words. Sessions are not told of it. */
  fault?: string | undefined;
}

/** Why a line is not taken. */
export type Refusal = "not-understood" | "too-many" | { fault: string };

export interface WordFiles {
  /** Where the words are. @default words.txt in the folder of the program */
  vocabulary: string | undefined;
  /** @default replacements.txt there */
  replace: string | undefined;
}

/** Of all replacements together: what the first message of a session has room for. */
const MAX_CHARACTERS = 40_000;

export class PersonalWords {
  readonly #terms: ListFile<VocabularyTerm>;
  readonly #rules: ListFile<Replacement>;
  readonly #server: { url: string; token: string | undefined };
  /** Why a pattern cannot be read; null for those that can. */
  readonly #patterns = new Map<string, string | null>();

  /** @throws errors of the system for a file that cannot be read */
  constructor(folder: string, files: WordFiles, server: { url: string; token: string | undefined }) {
    this.#server = server;
    this.#terms = new ListFile(files.vocabulary ?? path.join(folder, "words.txt"), VOCABULARY);
    const rules = files.replace ?? path.join(folder, "replacements.txt");
    this.#rules = new ListFile(rules, replacementFormat(rules));
  }

  /** Words first; the latest last, as in the files. */
  get entries(): Entry[] {
    return [
      ...this.#terms.items.map((term) => ({ line: formatVocabulary([term]), term })),
      ...this.#rules.items.map((rule) => ({
        line: writeReplacements([rule]).trimEnd(),
        rule,
        fault: rule.pattern ? (this.#patterns.get(rule.find) ?? undefined) : undefined,
      })),
    ];
  }

  /** What a session is told: no pattern that the server has not read. */
  get wishes(): Pick<SessionOptions, "vocabulary" | "replace"> {
    const terms = [...this.#terms.items];
    const rules = this.#rules.items.filter(({ find, pattern }) => !pattern || this.#patterns.get(find) === null);
    return {
      vocabulary: isVocabulary(terms) ? terms : [],
      replace: isWithinBounds(rules) ? [...rules] : [],
    };
  }

  /**
   * Adds what a line says, to its file too; a rule for the same words goes.
   *
   * @param instead goes for it
   * @returns why it was not taken; of a pattern, once the server has read it
   * @throws errors of the system
   */
  add(line: string, instead?: Entry): Refusal | undefined | Promise<Refusal | undefined> {
    const { replacements, problems } = readReplacements(line);
    const [rule] = replacements;
    if (rule && problems.length === 0) return this.#addRule(rule, instead);
    const [term] = vocabularyOf(parseVocabulary(line).slice(0, 1));
    if (!term || !isVocabulary([term])) return "not-understood";
    if (!isVocabulary([...this.#terms.items, term])) return "too-many";
    if (instead) this.remove(instead);
    this.#terms.update((terms) => [...terms.filter((each) => each.term !== term.term), term]);
    return undefined;
  }

  /** @throws errors of the system */
  remove({ term, rule }: Entry): void {
    if (term) this.#terms.update((terms) => terms.filter((each) => each.term !== term.term));
    if (rule) this.#rules.update((rules) => rules.filter((each) => !isSame(each, rule)));
  }

  /**
   * Has the server read the patterns that it has not read yet.
   *
   * @returns whether {@link wishes} are others now; false where it does not answer
   */
  async check(): Promise<boolean> {
    const unread = this.#rules.items
      .filter(({ find, pattern }) => pattern && !this.#patterns.has(find))
      .map(({ find }) => find);
    const faults = await checkPatterns(unread, this.#server);
    if (!faults || unread.length === 0) return false;
    for (const [at, find] of unread.entries()) {
      this.#patterns.set(find, faults.find(({ index }) => index === at)?.reason ?? null);
    }
    return true;
  }

  #addRule(rule: Replacement, instead: Entry | undefined): Refusal | undefined | Promise<Refusal | undefined> {
    if (!isWithinBounds([...this.#rules.items, rule])) return "too-many";
    return rule.pattern ? this.#addPattern(rule, instead) : this.#putRule(rule, instead);
  }

  async #addPattern(rule: Replacement, instead: Entry | undefined): Promise<Refusal | undefined> {
    const faults = await checkPatterns([rule.find], this.#server);
    if (faults?.[0]) return { fault: faults[0].reason };
    if (faults) this.#patterns.set(rule.find, null);
    return this.#putRule(rule, instead);
  }

  #putRule(rule: Replacement, instead: Entry | undefined): undefined {
    if (instead) this.remove(instead);
    this.#rules.update((rules) => [...rules.filter((each) => !isSame(each, rule)), rule]);
    return undefined;
  }
}

function isSame(a: Replacement, b: Replacement): boolean {
  const isBoth = (a.pattern ?? false) === (b.pattern ?? false);
  return isBoth && (a.pattern ? a.find === b.find : a.find.toLowerCase() === b.find.toLowerCase());
}

function isWithinBounds(rules: readonly Replacement[]): boolean {
  if (!SESSION_SHAPE.replace.is(rules)) return false;
  return rules.reduce((sum, { find, replace }) => sum + find.length + replace.length, 0) <= MAX_CHARACTERS;
}
