import { isSttError, SttError } from "@stt/core";
import { useEffect, useState } from "react";
import { servedModels } from "../ask-server.js";

export interface ServerFacts {
  /** Its models, the one that writes finals first; null until it answers. */
  models: readonly string[] | null;
  /** Round trip, milliseconds. */
  latencyMs: number;
  /** Why it does not answer; it is asked again by itself. */
  error: SttError | null;
}

const AGAIN_MS = 2000;

/** @param key access key of the server */
export function useServer(key: string | undefined): ServerFacts {
  const [facts, setFacts] = useState<ServerFacts>({ models: null, latencyMs: 0, error: null });
  useEffect(() => {
    let timer: number | undefined;
    let isOver = false;
    const ask = async () => {
      const askedAt = performance.now();
      try {
        const models = await servedModels(key);
        if (!isOver) setFacts({ models, latencyMs: performance.now() - askedAt, error: null });
      } catch (cause) {
        if (isOver) return;
        const error = isSttError(cause)
          ? cause
          : new SttError("internal", "The server's answer cannot be read.", { cause });
        setFacts({ models: null, latencyMs: 0, error });
        // With another key it is asked again anyway.
        if (error.code !== "unauthorized") timer = window.setTimeout(ask, AGAIN_MS);
      }
    };
    void ask();
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [key]);
  return facts;
}
