/** Figures with words of the console's own; those of all pages are in `@stt/ui`. */
import { fill } from "@stt/ui";
import type { Texts } from "./texts.js";

/** Unit of a variable. */
export function unitText(unit: string | null, texts: Texts): string {
  return unit === null ? "" : (texts.units[unit] ?? unit);
}

/** How long something lasts, in its largest unit. */
export function formatDuration(ms: number, texts: Texts): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return fill(texts.seconds, { n: seconds });
  if (seconds < 3600) return fill(texts.minutes, { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return fill(texts.hours, { n: Math.floor(seconds / 3600) });
  return fill(texts.days, { n: Math.floor(seconds / 86_400) });
}
