import { normalizeLanguage } from "@stt/core";

/**
 * The languages among which the server decides while none is chosen, here or there: the browser's own, in Whisper's codes. Undefined for a browser
 * with one, since that tells nothing of what its owner speaks.
 */
export function browserLanguages(tags: readonly string[] = navigator.languages): string[] | undefined {
  const codes = [...new Set(tags.flatMap((tag) => normalizeLanguage(tag) ?? []))];
  return codes.length > 1 ? codes : undefined;
}
