/** Figures as people read them. An unknown one is a dash. */
import type { Locale } from "@stt/core";
import { fill, type Texts } from "./texts.js";

export const UNKNOWN = "–";

type Figure = number | null | undefined;

export function formatNumber(value: Figure, locale: Locale, digits = 0): string {
  if (value === null || value === undefined) return UNKNOWN;
  return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** @param share 0..1 */
export function formatPercent(share: Figure, locale: Locale): string {
  if (share === null || share === undefined) return UNKNOWN;
  return `${formatNumber(100 * share, locale)} %`;
}

export function formatMs(ms: Figure, locale: Locale): string {
  if (ms === null || ms === undefined) return UNKNOWN;
  const russian = locale === "ru";
  if (ms < 1000) return `${formatNumber(ms, locale)} ${russian ? "мс" : "ms"}`;
  return `${formatNumber(ms / 1000, locale, ms < 10_000 ? 2 : 1)} ${russian ? "с" : "s"}`;
}

export function formatBytes(bytes: Figure, locale: Locale): string {
  if (bytes === null || bytes === undefined) return UNKNOWN;
  const russian = locale === "ru";
  const mib = bytes / 2 ** 20;
  if (mib < 1000) return `${formatNumber(mib, locale)} ${russian ? "МБ" : "MB"}`;
  return `${formatNumber(mib / 1024, locale, 1)} ${russian ? "ГБ" : "GB"}`;
}

/** Unit of a variable. */
export function unitText(unit: string | null, locale: Locale): string {
  const russian: Record<string, string> = { s: "с", ms: "мс", bytes: "байт" };
  return unit === null ? "" : (locale === "ru" && russian[unit]) || unit;
}

/** Time of day. @param at milliseconds since 1970, or ISO 8601 */
export function formatTime(at: number | string, locale: Locale): string {
  return new Date(at).toLocaleTimeString(locale, { hour12: false });
}

/** How long something lasts, in its largest unit. */
export function formatDuration(ms: number, texts: Texts): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return fill(texts.seconds, { n: seconds });
  if (seconds < 3600) return fill(texts.minutes, { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return fill(texts.hours, { n: Math.floor(seconds / 3600) });
  return fill(texts.days, { n: Math.floor(seconds / 86_400) });
}
