/** How recognised text is to be written: what a session may ask for, as schemas. Pure calls: a browser's bundle has the types only. */
import * as z from "zod/mini";
import {
  MAX_COMMANDS,
  MAX_FIND_CHARACTERS,
  MAX_PATTERNS,
  MAX_PHRASE_CHARACTERS,
  MAX_REPLACE_CHARACTERS,
  MAX_REPLACEMENTS,
} from "./text-limits.js";

/** `as_is`: as the model writes them; `figures`: "25"; `words`: "twenty-five". */
export const NUMERALS = ["as_is", "figures", "words"] as const;
/** What redaction knows. */
export const REDACTIONS = ["email", "phone", "card"] as const;

const replacementSchema = /* @__PURE__ */ (() =>
  z.object({
    /** Whole words as they are spoken, in any case; with `pattern` a regular expression in RE2's syntax. */
    find: z.string().check(z.minLength(1), z.maxLength(MAX_FIND_CHARACTERS)),
    /** What is written instead; may have several lines. With `pattern`, `$1` is what the first group found. */
    replace: z.string().check(z.maxLength(MAX_REPLACE_CHARACTERS)),
    /** @default false */
    pattern: z.optional(z.boolean()),
  }))();

const replacements = /* @__PURE__ */ (() =>
  z.array(replacementSchema).check(
    z.maxLength(MAX_REPLACEMENTS),
    z.refine(
      (list) => list.filter(({ pattern }) => pattern).length <= MAX_PATTERNS,
      `must have at most ${MAX_PATTERNS} patterns`,
    ),
  ))();

const phrase = /* @__PURE__ */ (() => z.string().check(z.minLength(1), z.maxLength(MAX_PHRASE_CHARACTERS)))();

const commands = /* @__PURE__ */ (() =>
  z.union([
    z.boolean(),
    z
      .record(phrase, phrase)
      .check(z.refine((own) => Object.keys(own).length <= MAX_COMMANDS, `must have at most ${MAX_COMMANDS} commands`)),
  ]))();

/** The fields of `start` and `update` about how text is written. */
export const textOptions = /* @__PURE__ */ (() => ({
  /** Words written otherwise than they are recognised, in this order, before those of the server; of the same words, this rule counts. */
  replace: z.optional(replacements),
  numerals: z.optional(z.enum(NUMERALS)),
  /** "um", «э-э». */
  fillers: z.optional(z.enum(["keep", "remove"])),
  /** `mask` leaves the first letter. */
  profanity: z.optional(z.enum(["keep", "mask"])),
  /** What is written as its kind only, such as `[card]`. */
  redact: z.optional(z.array(z.enum(REDACTIONS)).check(z.maxLength(REDACTIONS.length))),
  /** "comma", "new line", «запятая», «новая строка» are written as what they mean. */
  spokenPunctuation: z.optional(z.boolean()),
  /** "delete that", «удали это» become commands. An object adds own ones: what is spoken, and the name of the command. */
  commands: z.optional(commands),
  /** Quotes, dashes and spaces that do not break, as the language has them. */
  typography: z.optional(z.boolean()),
}))();

/** {@link textOptions}, for the configuration. */
export const replacementsSchema = replacements;
export const commandsSchema = commands;

export type Replacement = z.infer<typeof replacementSchema>;
export type Numerals = (typeof NUMERALS)[number];
export type Redaction = (typeof REDACTIONS)[number];
export type SpokenCommands = z.infer<typeof commands>;
