import { createConfig } from "@stt/core/config";
import { defaultSettings, type SessionSettings } from "../../src/settings/session-settings.js";
import type { LiveText, TextPiece } from "../../src/text/text-stage.js";
import { workOnFinal, workOnLive } from "../../src/text/text-stages.js";

const usual = defaultSettings(createConfig());

export type Wishes = Partial<SessionSettings>;
const made = new WeakMap<Wishes, SessionSettings>();

/** Formatting off: what the rules do is seen as it is. */
export function settingsWith(wishes: Wishes): SessionSettings {
  const settings = made.get(wishes) ?? { ...usual, textFormatting: false, ...wishes };
  made.set(wishes, settings);
  return settings;
}

export function written(text: string, wishes: Wishes, language = "en"): string {
  return workOnFinal([{ text }], { settings: settingsWith(wishes), language })[0]!.text;
}

/** With a word of 100 ms for each that the text has. */
export function timed(text: string, wishes: Wishes, language = "en"): TextPiece {
  const words = text
    .split(" ")
    .map((word, i) => ({ text: word, startMs: i * 100, endMs: i * 100 + 90, confidence: 1 }));
  return workOnFinal([{ text, words }], { settings: settingsWith(wishes), language })[0]!;
}

export function live(text: LiveText, wishes: Wishes, language = "en"): LiveText {
  return workOnLive(text, { settings: settingsWith(wishes), language });
}
