import type { Redaction } from "@stt/core";
import { type Atom, timeOf } from "../atoms.js";
import { Reader } from "../numbers/read-number.js";
import type { Rewrite, Rule } from "../rewrite.js";
import { isFiller } from "./fillers.js";

/** Digits that live text may show of a number that is still being said. */
const SHOWN_DIGITS = 2;
const CARD_DIGITS = { min: 13, max: 19 };
const PHONE_DIGITS = { min: 10, max: 15 };

/** Digits that were said one after another, whatever stands between them. */
interface Run {
  /** The digits of each atom or spoken number. */
  groups: string[];
  /** As it is written. */
  text: string;
  end: number;
  looked: number;
}

/**
 * Write the kind instead of e-mail addresses, telephone and card numbers, written and spoken. A number that is still being said is
 * neither shown nor certain before it is known what it is.
 */
export function redactionRules(kinds: readonly Redaction[], language: string): Rule[] {
  const rules: Rule[] = [];
  if (kinds.includes("email")) rules.push(email);
  if (kinds.includes("card") || kinds.includes("phone")) {
    rules.push((atoms, at) => number(atoms, at, kinds, language));
  }
  return rules;
}

function label(kind: Redaction, atoms: readonly Atom[], at: number, end: number): Atom[] {
  const { piece, space } = atoms[at]!;
  return [{ kind: "word", text: `[${kind}]`, space, piece, fixed: true, ...timeOf(atoms.slice(at, end)) }];
}

const AT = /^(?:at|собака|собачка|эт)$/u;
const DOT = /^(?:dot|точка|underscore|подчеркивание|dash|hyphen|дефис)$/u;
/** Atoms of a name or a domain: nobody says more, and looking further would cost the square of it. */
const MAX_PARTS = 16;
const NAME = /^[\p{L}\p{N}._+-]+$/u;

/** "me@example.org", "me at example dot org", «я собака пример точка ру». */
function email(atoms: readonly Atom[], at: number): Rewrite | undefined {
  const word = (i: number) => (atoms[i]?.kind === "word" ? atoms[i]!.text.toLowerCase().replace(/ё/g, "е") : "");
  if (/[^\s@]@[^\s@]/.test(word(at))) return { take: 1, put: label("email", atoms, at, at + 1), looked: at + 1 };
  if (!NAME.test(word(at)) || AT.test(word(at)) || DOT.test(word(at))) return undefined;
  let i = at + 1;
  while (i - at < MAX_PARTS && DOT.test(word(i)) && NAME.test(word(i + 1))) i += 2;
  if (!AT.test(word(i))) {
    // "john dot" may go on; one word alone is shown.
    return i > at + 1 || i >= atoms.length || DOT.test(word(i))
      ? { take: 1, put: [atoms[at]!], looked: Math.max(i + 1, at + 2), ...(i > at + 1 && { secret: true }) }
      : { take: 1, put: [atoms[at]!], looked: i + 1 };
  }
  i++;
  const domain = word(i);
  if (/^[\p{L}\p{N}-]+\.\p{L}{2,}$/u.test(domain))
    return { take: i + 1 - at, put: label("email", atoms, at, i + 1), looked: i + 1 };
  let end = i + 1;
  let dots = 0;
  while (end - i < MAX_PARTS && (word(end) === "dot" || word(end) === "точка")) {
    if (word(end + 1) === "") break;
    end += 2;
    dots++;
  }
  if (domain === "" || dots === 0) return { take: 1, put: [atoms[at]!], looked: end + 1, secret: true };
  return { take: end - at, put: label("email", atoms, at, end), looked: end + 1, secret: true };
}

function number(
  atoms: readonly Atom[],
  at: number,
  kinds: readonly Redaction[],
  language: string,
): Rewrite | undefined {
  const run = runAt(atoms, at, language);
  if (!run) return undefined;
  const digits = run.groups.join("");
  const kind = kindOf(run, digits, kinds);
  const secret = digits.length > SHOWN_DIGITS;
  if (kind) return { take: run.end - at, put: label(kind, atoms, at, run.end), looked: run.looked, secret };
  return { take: run.end - at, put: atoms.slice(at, run.end), looked: run.looked, secret };
}

function kindOf({ groups, text }: Run, digits: string, kinds: readonly Redaction[]): Redaction | undefined {
  if (kinds.includes("card") && isCard(groups, digits)) return "card";
  return kinds.includes("phone") && isPhone(groups, digits, text) ? "phone" : undefined;
}

/** Luhn's check; and four groups of four, since one digit misheard must not show the others. */
function isCard(groups: readonly string[], digits: string): boolean {
  if (digits.length > CARD_DIGITS.max) return true;
  if (digits.length < CARD_DIGITS.min) return false;
  return luhn(digits) || (groups.length === 4 && groups.every(({ length }) => length === 4));
}

export function luhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function isPhone(groups: readonly string[], digits: string, text: string): boolean {
  // Thousands in groups, and years beside each other.
  if (/^\d{1,3}(?:,\d{3})+$/.test(text) || groups.every((group) => /^(?:19|20)\d\d$/.test(group))) return false;
  if (/^\d{3}[-\s]\d{4}$/.test(text)) return true;
  if (text.startsWith("+")) return digits.length >= 7;
  return digits.length >= PHONE_DIGITS.min && digits.length <= PHONE_DIGITS.max;
}

const WRITTEN = /^\+?[\d()\-–./]*\d[\d()\-–./]*$/u;
const BETWEEN = /^(?:,|\.|-|–|—|\(|\)|\.{3}|…)$/u;

function runAt(atoms: readonly Atom[], at: number, language: string): Run | undefined {
  const reader = new Reader(atoms, language);
  const groups: string[] = [];
  let end = at;
  let looked = at;
  for (let i = at; ; ) {
    const group = groupAt(reader, atoms, i);
    looked = Math.max(looked, reader.reach, i + 1);
    if (group) {
      groups.push(group.digits);
      i = group.end;
      end = i;
      continue;
    }
    if (groups.length === 0) return undefined;
    const atom = atoms[i];
    // A sentence of its own, a thought, a breath: people say long numbers in pieces.
    const between = atom && ((atom.kind === "mark" && BETWEEN.test(atom.text)) || isFiller(atom, language));
    if (!between || i - end >= 3) break;
    i++;
  }
  const text = atoms
    .slice(at, end)
    .map(({ text: each, space }, i) => (i === 0 ? each : space + each))
    .join("");
  return { groups, text, end, looked };
}

function groupAt(reader: Reader, atoms: readonly Atom[], at: number): { digits: string; end: number } | undefined {
  const atom = atoms[at];
  if (atom?.kind === "mark" && /^[(+]$/.test(atom.text) && WRITTEN.test(atoms[at + 1]?.text ?? "")) {
    return { digits: digitsIn(atoms[at + 1]!.text), end: at + 2 };
  }
  if (atom?.kind !== "word") return undefined;
  if (WRITTEN.test(atom.text)) return { digits: digitsIn(atom.text), end: at + 1 };
  if (/^(?:double|triple)$/i.test(atom.text)) {
    const digit = reader.number(at + 1);
    if (digit && digit.figures.length === 1) {
      return { digits: digit.figures.repeat(/^d/i.test(atom.text) ? 2 : 3), end: digit.end };
    }
  }
  const spoken = reader.number(at);
  if (!spoken || spoken.ordinal !== undefined || spoken.form === "decimal") return undefined;
  return { digits: digitsIn(spoken.figures), end: spoken.end };
}

function digitsIn(text: string): string {
  return text.replace(/\D/g, "");
}
