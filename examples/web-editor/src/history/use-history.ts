import { useEffect, useState } from "react";
import type { HistoryEntry } from "./entry.js";
import { openHistory } from "./history.js";
import type { HistoryStore } from "./history-store.js";

export interface HistoryView {
  /** Newest first; null until they are read. */
  entries: readonly HistoryEntry[] | null;
  soundBytes: number;
  /** Undefined until it is open. */
  store: HistoryStore | undefined;
  /** The browser keeps nothing, say in a private window. */
  hasFailed: boolean;
}

/** @param limit entries at most */
export function useHistory(limit: number): HistoryView {
  const [view, setView] = useState<HistoryView>({
    entries: null,
    soundBytes: 0,
    store: undefined,
    hasFailed: false,
  });
  useEffect(() => {
    let isOver = false;
    let unlisten: (() => void) | undefined;
    const read = async (store: HistoryStore) => {
      const [entries, soundBytes] = await Promise.all([store.list(limit), store.soundBytes()]);
      if (!isOver) setView({ entries, soundBytes, store, hasFailed: false });
    };
    openHistory()
      .then(async (store) => {
        if (isOver) return;
        unlisten = store.onChange(() => void read(store).catch(() => {}));
        await read(store);
      })
      .catch(() => {
        if (!isOver) setView((before) => ({ ...before, hasFailed: true }));
      });
    return () => {
      isOver = true;
      unlisten?.();
    };
  }, [limit]);
  return view;
}
