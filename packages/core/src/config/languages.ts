/** The one rule for languages: what people and programs write, and the code by which Whisper knows it. */
import { SttError } from "../errors.js";
import type { Localized } from "./value-types.js";

/** The languages that Whisper models know, in the order of their token ids: roughly that of their share in its training. */
export const WHISPER_LANGUAGES: readonly string[] = /* @__PURE__ */ (
  "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk " +
  "te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo " +
  "ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue"
).split(" ");

/** Most languages in one list. */
export const MAX_LANGUAGES = 100;

/** What a language may be, after "must be" or "allowed is". */
export const LANGUAGE_RULE: Localized = {
  en: "auto or the code of a language that Whisper knows, such as en, ru, de or pt-BR",
  ru: "auto или код языка, который знает Whisper: en, ru, de, pt-BR и другие",
};

/** What a list of languages may be. */
export const LANGUAGES_RULE: Localized = {
  en: "codes of languages that Whisper knows, such as en,ru",
  ru: "коды языков, которые знает Whisper, например en,ru",
};

/** What Whisper writes otherwise than BCP 47: it knows Bokmål as Norwegian, and Filipino as Tagalog. */
const WHISPER_CODES: Readonly<Record<string, string>> = { nb: "no", jv: "jw", fil: "tl" };

/**
 * The code by which Whisper knows a language, from whatever code or tag names it: in any case, with a region or script (`EN`,
 * `pt_BR`, `zh-Hant-TW`), older or longer ones too (`iw`, `nb`, `eng`).
 *
 * @returns undefined for what is no language, or none of Whisper's; `auto` is none either.
 */
export function normalizeLanguage(tag: string): string | undefined {
  const primary = tag.trim().toLowerCase().split(/[-_]/, 1)[0]!;
  for (const code of [primary, canonicalCode(primary)]) {
    const known = WHISPER_CODES[code] ?? code;
    if (WHISPER_LANGUAGES.includes(known)) return known;
  }
  return undefined;
}

/** {@link normalizeLanguage} where `auto` is allowed too. */
export function normalizeLanguageChoice(tag: string): string | undefined {
  return tag.trim().toLowerCase() === "auto" ? "auto" : normalizeLanguage(tag);
}

/**
 * Reads the language that somebody asks for.
 *
 * @param value a text; empty, `null` and `undefined` mean that none was given
 * @param field its name, for the error
 * @returns `auto`, a code of Whisper's, or undefined where none was given
 * @throws SttError `invalid_argument`
 */
export function readLanguage(value: unknown, field = "language"): string | undefined {
  if (isLeftOut(value)) return undefined;
  const language = typeof value === "string" ? normalizeLanguageChoice(value) : undefined;
  if (language !== undefined) return language;
  throw new SttError("invalid_argument", `${field} is ${quoted(value)}; it must be ${LANGUAGE_RULE.en}.`);
}

/**
 * Reads the languages among which `auto` decides.
 *
 * @param value a list, or a text with commas between; empty entries do not count
 * @param field its name, for the error
 * @returns codes of Whisper's without repetition, none for all of its languages; undefined where no list was given
 * @throws SttError `invalid_argument` naming the entry that is no language
 */
export function readLanguages(value: unknown, field = "languages"): string[] | undefined {
  if (isLeftOut(value)) return undefined;
  const entries: unknown[] =
    typeof value === "string" ? value.split(/[\s,;]+/) : Array.isArray(value) ? value : [value];
  const codes = new Set<string>();
  for (const entry of entries) {
    if (isLeftOut(entry)) continue;
    const code = typeof entry === "string" ? normalizeLanguage(entry) : undefined;
    if (code === undefined) {
      throw new SttError("invalid_argument", `${field} has ${quoted(entry)}; it must be ${LANGUAGES_RULE.en}.`);
    }
    codes.add(code);
  }
  return [...codes];
}

/**
 * Whether a value of `LANGUAGE` was set by the desktop for gettext and not by somebody who means speech: many Linux systems
 * export a variable of that very name. Lists and encodings (`en_US:en`, `C.UTF-8`) are no language of speech; a plain locale is
 * the desktop's where `locale`, its `LANG` or `LC_ALL`, says the same.
 */
export function isDesktopLocale(value: string, locale = ""): boolean {
  if (/[:.@]/.test(value) || value === "C" || value === "POSIX") return true;
  return value.includes("_") && locale.split(/[.@]/, 1)[0] === value;
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}

function canonicalCode(code: string): string {
  try {
    return new Intl.Locale(code).language;
  } catch {
    return code;
  }
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text;
}
