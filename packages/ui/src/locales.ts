/** The languages of the pages, by their own names. */
import { type Locale, localeOf } from "@stt/core";

const NAMES: Record<Locale, string> = { en: "English", ru: "Русский" };

export const LOCALES: readonly { locale: Locale; name: string }[] = Object.entries(NAMES).map(([locale, name]) => ({
  locale: locale as Locale,
  name,
}));

/** What was remembered, if it is one of ours; else the browser's. */
export function readLocale(value: unknown): Locale {
  return LOCALES.find(({ locale }) => locale === value)?.locale ?? localeOf(...navigator.languages);
}
