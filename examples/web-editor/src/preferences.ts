/** What the page remembers about its user. */
import { type Locale, localeOf } from "@stt/core";

export type Theme = "system" | "light" | "dark";

export interface Preferences {
  /** Of the page itself. @default the browser's */
  locale: Locale;
  theme: Theme;
  /** Of the speech: a code or `auto`; undefined leaves it to the server. */
  language?: string | undefined;
  /** Of the microphone; undefined is the system's choice. */
  deviceId?: string | undefined;
  /** Access key of the server. */
  key?: string | undefined;
}

const STORAGE_KEY = "stt-editor.preferences";

export function loadPreferences(): Preferences {
  const found = read();
  return {
    locale: found.locale === "en" || found.locale === "ru" ? found.locale : localeOf(...navigator.languages),
    theme: found.theme === "light" || found.theme === "dark" ? found.theme : "system",
    language: textOf(found.language),
    deviceId: textOf(found.deviceId),
    key: textOf(found.key),
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

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
