/** What every component needs: the preferences and the sentences. */
import { type PageSettings, usePreferences } from "@stt/ui";
import { createContext, useContext, useMemo } from "react";
import { PREFERENCES, type Preferences } from "./preferences.js";
import { TEXTS, type Texts, TITLES } from "./texts.js";

export interface PageContext extends PageSettings<Preferences> {
  texts: Texts;
}

export const PageContextValue = createContext<PageContext | null>(null);

export function usePage(): PageContext {
  const page = useContext(PageContextValue);
  if (!page) throw new Error("usePage needs the page around it.");
  return page;
}

/** For the page's root. */
export function useEditorPage(): PageContext {
  const settings = usePreferences(PREFERENCES, TITLES);
  return useMemo(() => ({ ...settings, texts: TEXTS[settings.locale] }), [settings]);
}
