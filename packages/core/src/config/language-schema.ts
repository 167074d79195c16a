/** The rule of `languages.ts` as schemas, for configuration and wires. Pure calls: bundlers leave them out of a browser's bundle. */
import * as z from "zod/mini";
import { LANGUAGE_RULE, MAX_LANGUAGES, normalizeLanguage, normalizeLanguageChoice } from "./languages.js";

/** A text that a function reads; an empty one gives an empty text. */
function readBy(normalize: (tag: string) => string | undefined, rule: string) {
  return z.pipe(
    z.string(),
    z.transform((value, context): string => {
      const code = value.trim() === "" ? "" : normalize(value);
      if (code === undefined) context.issues.push({ code: "custom", message: `must be ${rule}`, input: value });
      return code ?? "";
    }),
  );
}

/** A language as somebody writes it, or `auto`. Gives `auto`, Whisper's code, or an empty text for an empty one. */
export const languageText = /* @__PURE__ */ (() => readBy(normalizeLanguageChoice, LANGUAGE_RULE.en))();

/** The languages among which `auto` decides. Gives Whisper's codes without repetition. */
export const languagesSchema = /* @__PURE__ */ (() =>
  z.pipe(
    z
      .array(readBy(normalizeLanguage, "the code of a language that Whisper knows, such as en or ru"))
      .check(z.maxLength(MAX_LANGUAGES)),
    z.transform((codes): string[] => [...new Set(codes)].filter(Boolean)),
  ))();

/** {@link languageText} as a field: undefined where it is empty. */
export const languageSchema = /* @__PURE__ */ (() =>
  z.pipe(
    languageText,
    z.transform((code): string | undefined => code || undefined),
  ))();
