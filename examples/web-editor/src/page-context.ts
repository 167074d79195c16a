/** What every component needs: the preferences and the sentences. */
import type { Locale } from "@stt/core";
import { createContext, useContext, useEffect, useMemo, useState } from "react";
import { applyPreferences, loadPreferences, type Preferences, savePreferences } from "./preferences.js";
import { type Texts, textsOf } from "./texts.js";

export interface PageContext {
  preferences: Preferences;
  /** Changes and remembers. */
  prefer(change: Partial<Preferences>): void;
  locale: Locale;
  texts: Texts;
}

export const PageContextValue = createContext<PageContext | null>(null);

export function usePage(): PageContext {
  const page = useContext(PageContextValue);
  if (!page) throw new Error("usePage needs the page around it.");
  return page;
}

export function usePreferences(): PageContext {
  const [preferences, setPreferences] = useState(loadPreferences);
  useEffect(() => {
    applyPreferences(preferences);
    document.title = textsOf(preferences.locale).title;
  }, [preferences]);
  return useMemo(() => {
    const { locale } = preferences;
    const prefer = (change: Partial<Preferences>) => {
      const next = { ...preferences, ...change };
      savePreferences(next);
      setPreferences(next);
    };
    return { preferences, prefer, locale, texts: textsOf(locale) };
  }, [preferences]);
}
