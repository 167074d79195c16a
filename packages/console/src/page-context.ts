/** What every component needs: language, colours, key, and the server's news. */
import type { Locale } from "@stt/core";
import { createContext, useContext, useEffect, useLayoutEffect, useMemo, useState, useSyncExternalStore } from "react";
import { loadKey, requestJson, saveKey } from "./api.js";
import { Feed, type Snapshot } from "./feed.js";
import { applyPreferences, loadPreferences, type Preferences, savePreferences } from "./preferences.js";
import { type Texts, textsOf } from "./texts.js";

export interface PageContext {
  preferences: Preferences;
  /** Changes and remembers. */
  prefer(change: Partial<Preferences>): void;
  locale: Locale;
  texts: Texts;
  /** Empty for none. */
  apiKey: string;
  signIn(key: string): void;
  snapshot: Snapshot;
  /** Connects again now. */
  retry(): void;
  /** Asks the server; see `requestJson`. */
  ask<T>(path: string, method?: string, body?: unknown): Promise<T>;
}

export const PageContextValue = createContext<PageContext | null>(null);

export function usePage(): PageContext {
  const page = useContext(PageContextValue);
  if (!page) throw new Error("usePage needs the page around it.");
  return page;
}

export function useConsole(): PageContext {
  const [preferences, setPreferences] = useState(loadPreferences);
  const [apiKey, setKey] = useState(loadKey);
  const [feed] = useState(() => new Feed());
  const snapshot = useSyncExternalStore(feed.subscribe, feed.getSnapshot);
  useEffect(() => {
    feed.open(apiKey);
    return feed.close;
  }, [feed, apiKey]);
  // Before the graphs, which are drawn in the colours of the page, look at them.
  useLayoutEffect(() => {
    applyPreferences(preferences);
    document.title = textsOf(preferences.locale).title;
  }, [preferences]);
  return useMemo(() => {
    const { locale } = preferences;
    return {
      preferences,
      locale,
      texts: textsOf(locale),
      prefer: (change: Partial<Preferences>) => {
        const next = { ...preferences, ...change };
        savePreferences(next);
        setPreferences(next);
      },
      apiKey,
      signIn: (key: string) => {
        saveKey(key);
        if (key === apiKey) feed.retry();
        setKey(key);
      },
      snapshot,
      retry: feed.retry,
      ask: (path, method, body) => requestJson(apiKey, path, method, body),
    };
  }, [preferences, apiKey, snapshot, feed]);
}
