/** What a page remembers about whoever uses it. */
import type { Locale } from "@stt/core";
import { readLocale } from "./locales.js";

export type Theme = "system" | "light" | "dark";

/** What every page remembers. */
export interface Preferences {
  /** Of the page itself. @default the browser's */
  locale: Locale;
  theme: Theme;
}

/** Preferences in the browser's storage. What cannot be remembered, in a private window say, holds for as long as the page is open. */
export class PreferenceStore<P extends Preferences> {
  readonly #key: string;
  readonly #readOthers: (found: Readonly<Record<string, unknown>>) => Omit<P, keyof Preferences>;

  /** @param readOthers takes what the page remembers besides out of what was found, which may be anything */
  constructor(key: string, readOthers: (found: Readonly<Record<string, unknown>>) => Omit<P, keyof Preferences>) {
    this.#key = key;
    this.#readOthers = readOthers;
  }

  load(): P {
    const found = this.#read();
    const { locale, theme } = found;
    const shared: Preferences = {
      locale: readLocale(locale),
      theme: theme === "light" || theme === "dark" ? theme : "system",
    };
    return { ...this.#readOthers(found), ...shared } as P;
  }

  save(preferences: P): void {
    try {
      localStorage.setItem(this.#key, JSON.stringify(preferences));
    } catch {}
  }

  #read(): Record<string, unknown> {
    try {
      const value: unknown = JSON.parse(localStorage.getItem(this.#key) ?? "{}");
      return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
    } catch {
      return {};
    }
  }
}

/** Applies what concerns the whole page. */
export function applyPreferences({ theme, locale }: Preferences): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  document.documentElement.lang = locale;
}
