/** `text-options.ts` without zod, for arguments of callers. A test holds the two together. */
import { conforms, type Field, flag, isObject, oneOf, type Shape, textUpTo } from "../callers/fields.js";
import type { SessionOptions } from "../protocol/messages.js";
import {
  MAX_COMMANDS,
  MAX_FIND_CHARACTERS,
  MAX_PATTERNS,
  MAX_PHRASE_CHARACTERS,
  MAX_REPLACE_CHARACTERS,
  MAX_REPLACEMENTS,
} from "./text-limits.js";
import type { Redaction, Replacement, SpokenCommands } from "./text-options.js";

const filled = (maxLength: number): Field<string> => ({
  expected: `a string of 1 to ${maxLength} characters`,
  is: (value): value is string => textUpTo(maxLength).is(value) && value !== "",
});

const REPLACEMENT: Shape<Replacement> = {
  find: filled(MAX_FIND_CHARACTERS),
  replace: textUpTo(MAX_REPLACE_CHARACTERS),
  pattern: { ...flag, optional: true } as Field<boolean>,
};

const isReplacement = (value: unknown): value is Replacement => conforms(value, REPLACEMENT);
const redaction = oneOf<Redaction>("email", "phone", "card");
const phrase = filled(MAX_PHRASE_CHARACTERS);

type TextOptions = Pick<
  SessionOptions,
  "replace" | "numerals" | "fillers" | "profanity" | "redact" | "spokenPunctuation" | "commands" | "typography"
>;

export const TEXT_SHAPE: Shape<TextOptions> = {
  replace: {
    expected:
      `a list of at most ${MAX_REPLACEMENTS} { find, replace, pattern? }, with 1 to ${MAX_FIND_CHARACTERS} characters to find and ` +
      `at most ${MAX_REPLACE_CHARACTERS} to write instead, at most ${MAX_PATTERNS} of them patterns`,
    is: (value): value is Replacement[] =>
      Array.isArray(value) &&
      value.length <= MAX_REPLACEMENTS &&
      value.every(isReplacement) &&
      value.filter(({ pattern }) => pattern).length <= MAX_PATTERNS,
    wrongEntry: (value) => value.find((each) => !isReplacement(each)),
  },
  numerals: oneOf<"as_is" | "figures" | "words">("as_is", "figures", "words"),
  fillers: oneOf<"keep" | "remove">("keep", "remove"),
  profanity: oneOf<"keep" | "mask">("keep", "mask"),
  redact: {
    expected: 'a list of "email", "phone" and "card"',
    is: (value): value is Redaction[] => Array.isArray(value) && value.length <= 3 && value.every(redaction.is),
    wrongEntry: (value) => value.find((each) => !redaction.is(each)),
  },
  spokenPunctuation: flag,
  commands: {
    expected: `true, false, or an object of at most ${MAX_COMMANDS} own commands: what is spoken, and the command's name`,
    is: (value): value is SpokenCommands =>
      flag.is(value) ||
      (isObject(value) &&
        Object.keys(value).length <= MAX_COMMANDS &&
        Object.entries(value).every(([spoken, name]) => phrase.is(spoken) && phrase.is(name))),
  },
  typography: flag,
};
