/** What the page remembers about its operator. */
import { type Locale, localeOf } from "@stt/core";

export type Theme = "system" | "light" | "dark";

export interface Preferences {
  /** @default the browser's */
  locale: Locale;
  theme: Theme;
}

const STORAGE_KEY = "stt-console.preferences";

export function loadPreferences(): Preferences {
  const { locale, theme } = read();
  return {
    locale: locale === "en" || locale === "ru" ? locale : localeOf(...navigator.languages),
    theme: theme === "light" || theme === "dark" ? theme : "system",
  };
}

/** What cannot be remembered, in a private window say, holds for as long as the page is open. */
export function savePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(preferences));
  } catch {}
}

/** Applies what concerns the whole page. */
export function applyPreferences({ theme, locale }: Preferences): void {
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset.theme;
  else dataset.theme = theme;
  document.documentElement.lang = locale;
}

function read(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
