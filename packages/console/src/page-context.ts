/** What every component needs: language, colours, key, and the server's news. */
import { type PageSettings, usePreferences } from "@stt/ui";
import { createContext, useContext, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { loadKey, requestJson, saveKey } from "./api.js";
import { Feed, type Snapshot } from "./feed.js";
import { type ConsolePreferences, PREFERENCES } from "./preferences.js";
import { TEXTS, type Texts, TITLES } from "./texts.js";

export interface PageContext extends PageSettings<ConsolePreferences> {
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

/** For the page's root. */
export function useConsole(): PageContext {
  const settings = usePreferences(PREFERENCES, TITLES);
  const [apiKey, setKey] = useState(loadKey);
  const [feed] = useState(() => new Feed());
  const snapshot = useSyncExternalStore(feed.subscribe, feed.getSnapshot);
  useEffect(() => {
    feed.open(apiKey);
    return feed.close;
  }, [feed, apiKey]);
  return useMemo(
    () => ({
      ...settings,
      texts: TEXTS[settings.locale],
      apiKey,
      signIn: (key: string) => {
        saveKey(key);
        if (key === apiKey) feed.retry();
        setKey(key);
      },
      snapshot,
      retry: feed.retry,
      ask: (path, method, body) => requestJson(apiKey, path, method, body),
    }),
    [settings, apiKey, snapshot, feed],
  );
}
