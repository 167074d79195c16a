/** Figures as people read them. An unknown one is a dash. */
import type { Locale } from "@stt/core";
import { fill } from "./fill.js";
import { UI_TEXTS } from "./texts.js";

export const UNKNOWN = "–";

type Figure = number | null | undefined;

export function formatNumber(value: Figure, locale: Locale, digits = 0): string {
  if (value === null || value === undefined) return UNKNOWN;
  return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** @param share 0..1 */
export function formatPercent(share: Figure, locale: Locale): string {
  if (share === null || share === undefined) return UNKNOWN;
  return fill(UI_TEXTS[locale].percent, { n: formatNumber(100 * share, locale) });
}

/** Milliseconds, from a second on as seconds. */
export function formatMs(ms: Figure, locale: Locale): string {
  if (ms === null || ms === undefined) return UNKNOWN;
  const { milliseconds, seconds } = UI_TEXTS[locale];
  if (ms < 1000) return fill(milliseconds, { n: formatNumber(ms, locale) });
  return fill(seconds, { n: formatNumber(ms / 1000, locale, ms < 10_000 ? 2 : 1) });
}

export function formatBytes(bytes: Figure, locale: Locale): string {
  if (bytes === null || bytes === undefined) return UNKNOWN;
  const { megabytes, gigabytes } = UI_TEXTS[locale];
  const mib = bytes / 2 ** 20;
  if (mib < 1000) return fill(megabytes, { n: formatNumber(mib, locale) });
  return fill(gigabytes, { n: formatNumber(mib / 1024, locale, 1) });
}

/** Time of day. @param at milliseconds since 1970, or ISO 8601 */
export function formatTime(at: number | string, locale: Locale): string {
  return new Date(at).toLocaleTimeString(locale, { hour12: false });
}
