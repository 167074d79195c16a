/** Which of our two languages a person reads. */

export type Locale = "en" | "ru";

const MILLISECONDS: Record<Locale, string> = { en: "ms", ru: "мс" };

/** Whole milliseconds with their unit: `48 ms`, `48 мс`. */
export function millisecondsText(ms: number, locale: Locale): string {
  return `${Math.round(ms)} ${MILLISECONDS[locale]}`;
}

/**
 * From a `LANG` variable (`ru_RU.UTF-8`) or a browser's language tag (`ru-RU`).
 *
 * @param tags in order of preference; the first that names a language decides.
 * @returns `en` for every language we do not speak.
 */
export function localeOf(...tags: (string | undefined)[]): Locale {
  const tag = tags.find((candidate) => candidate !== undefined && candidate !== "");
  return /^ru([_.-]|$)/i.test(tag ?? "") ? "ru" : "en";
}
