/** The page's sentences, of which a browser loads those of its language. */
import type { Locale } from "@stt/core";
import type { Texts } from "./en.js";
import type { PanelTexts } from "./panels.en.js";

export type { Texts } from "./en.js";
export type { PanelTexts } from "./panels.en.js";

export const LOAD_TEXTS: Record<Locale, () => Promise<Texts>> = {
  en: async () => (await import("./en.js")).en,
  ru: async () => (await import("./ru.js")).ru,
};

/** Of the window. */
export const TITLES: Record<Locale, string> = { en: "Dictation", ru: "Диктовка" };

/** Of what opens beside the text: loaded with the first that is opened. */
export const LOAD_PANEL_TEXTS: Record<Locale, () => Promise<PanelTexts>> = {
  en: async () => (await import("./panels.en.js")).panelsEn,
  ru: async () => (await import("./panels.ru.js")).panelsRu,
};
