/** How the page looks and speaks, for every component. */
import type { Locale } from "@stt/core";
import { createContext, useContext, useLayoutEffect, useMemo, useState } from "react";
import { applyPreferences, type PreferenceStore, type Preferences } from "./preferences.js";

export interface PageSettings<P extends Preferences = Preferences> {
  preferences: P;
  /** Changes and remembers. */
  prefer(change: Partial<P>): void;
  locale: Locale;
}

export const PageSettingsContext = createContext<PageSettings | null>(null);

export function usePageSettings(): PageSettings {
  const settings = useContext(PageSettingsContext);
  if (!settings) throw new Error("usePageSettings needs PageSettingsContext around it.");
  return settings;
}

/** For the page's root, which hands them on by {@link PageSettingsContext}. @param titles of the window */
export function usePreferences<P extends Preferences>(
  store: PreferenceStore<P>,
  titles: Readonly<Record<Locale, string>>,
): PageSettings<P> {
  const [preferences, setPreferences] = useState(() => store.load());
  // Before graphs, which are drawn in the colours of the page, look at them.
  useLayoutEffect(() => {
    applyPreferences(preferences);
    document.title = titles[preferences.locale];
  }, [preferences, titles]);
  return useMemo(() => {
    const prefer = (change: Partial<P>) => {
      const next = { ...preferences, ...change };
      store.save(next);
      setPreferences(next);
    };
    return { preferences, prefer, locale: preferences.locale };
  }, [preferences, store]);
}
