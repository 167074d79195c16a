/** Languages of speech by their names. */
import { type Locale, WHISPER_LANGUAGES } from "@stt/core";
import { LOCALES } from "@stt/ui";

/** Those that Chromium's own list leaves out. */
const UNLISTED: Record<Locale, Readonly<Record<string, string>>> = {
  en: { ba: "Bashkir", bo: "Tibetan" },
  ru: { ba: "Башкирский", bo: "Тибетский" },
};

/** Whisper's code for Javanese is one of its own. */
const STANDARD_CODES: Readonly<Record<string, string>> = { jw: "jv" };

/** All that Whisper knows, in the order of their names; the page's languages first. */
export function languageNames(locale: Locale): { code: string; name: string }[] {
  const names = new Intl.DisplayNames([locale], { type: "language", fallback: "none" });
  const isOurs = ({ code }: { code: string }) => LOCALES.some(({ locale: each }) => each === code);
  const all = WHISPER_LANGUAGES.map((code) => {
    const name = names.of(STANDARD_CODES[code] ?? code) ?? UNLISTED[locale][code] ?? code;
    return { code, name: name.charAt(0).toLocaleUpperCase(locale) + name.slice(1) };
  }).sort((a, b) => a.name.localeCompare(b.name, locale));
  return [...all.filter(isOurs), ...all.filter((each) => !isOurs(each))];
}
