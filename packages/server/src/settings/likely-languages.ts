import type { Config } from "@stt/core/config";

/** Expected where the settings name no language: the most spoken of those that Whisper writes best. */
const LIKELY_LANGUAGES: readonly string[] = ["en", "es", "de", "fr", "ru", "pt", "it"];

/** The languages that a server's speakers are likely to speak: those of its settings, else a short list. Whisper's codes. */
export function likelyLanguages({ language, languages }: Pick<Config, "language" | "languages">): readonly string[] {
  if (languages.length > 0) return languages;
  return language === "auto" ? LIKELY_LANGUAGES : [language];
}
