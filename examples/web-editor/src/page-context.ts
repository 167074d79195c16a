/** What every component needs: the preferences and the sentences. */
import { type PageSettings, usePreferences } from "@stt/ui";
import { createContext, useContext, useEffect, useMemo, useState } from "react";
import { PREFERENCES, type Preferences } from "./preferences.js";
import { LOAD_TEXTS, type Texts, TITLES } from "./texts/index.js";

export interface PageContext extends PageSettings<Preferences> {
  texts: Texts;
}

export const PageContextValue = createContext<PageContext | null>(null);

export function usePage(): PageContext {
  const page = useContext(PageContextValue);
  if (!page) throw new Error("usePage needs the page around it.");
  return page;
}

/** For the page's root. @param initial the sentences of the language that is remembered */
export function useEditorPage(initial: Texts): PageContext {
  const settings = usePreferences(PREFERENCES, TITLES);
  const [texts, setTexts] = useState(initial);
  const { locale } = settings;
  useEffect(() => {
    let isLatest = true;
    void LOAD_TEXTS[locale]().then((loaded) => {
      if (isLatest) setTexts(loaded);
    });
    return () => {
      isLatest = false;
    };
  }, [locale]);
  return useMemo(() => ({ ...settings, texts }), [settings, texts]);
}
