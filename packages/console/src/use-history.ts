/** The samples of a range: those of the last minutes come by themselves, longer ones are asked for. */
import { useCallback, useEffect, useState } from "react";
import { usePage } from "./page-context.js";
import type { History } from "./server-types.js";

export const RANGES = ["15m", "1h", "6h", "24h", "7d", "30d"] as const;
export type Range = (typeof RANGES)[number];

/** How often a longer range is asked for anew; its newest step grows meanwhile. */
const REFRESH_MS = 15_000;

export interface RangeHistory {
  /** Null before anything was measured, or has come. */
  history: History | null;
  /** Why it could not be had. */
  failure: string | null;
  retry(): void;
}

export function useHistory(range: Range): RangeHistory {
  const { ask, snapshot } = usePage();
  const [asked, setAsked] = useState<{ range: Range; history: History } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const isLive = snapshot.connection.phase === "live";
  const load = useCallback(() => {
    setFailure(null);
    ask<History>(`v1/admin/history?range=${range}`).then(
      (history) => setAsked({ range, history }),
      (error: Error) => setFailure(error.message),
    );
  }, [ask, range]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `ask` changes with every event
  useEffect(() => {
    if (range === "15m" || !isLive) return;
    load();
    const timer = setInterval(load, REFRESH_MS);
    return () => clearInterval(timer);
  }, [range, isLive]);
  if (range === "15m") return { history: snapshot.history, failure: null, retry: load };
  // The former range stays until the next one is there: nothing jumps.
  return { history: asked?.history ?? snapshot.history, failure, retry: load };
}
