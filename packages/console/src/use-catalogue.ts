import { useCallback, useEffect, useState } from "react";
import { ApiError } from "./api.js";
import { usePage } from "./page-context.js";
import type { CatalogueModel } from "./server-types.js";

const IDLE_MS = 15_000;
const PULLING_MS = 1000;

/** Models that are there or can be fetched, kept fresh; null while unknown, and where the server offers none. */
export function useCatalogue(): { catalogue: CatalogueModel[] | null; refresh(): void } {
  const { ask, snapshot } = usePage();
  const [catalogue, setCatalogue] = useState<CatalogueModel[] | null>(null);
  const [isOffered, setOffered] = useState(true);
  const [round, setRound] = useState(0);
  const isLive = snapshot.connection.phase === "live";
  const isPulling = catalogue?.some(({ pull }) => pull && pull.state !== "done" && pull.state !== "failed") ?? false;
  // What is loaded changes by other hands too.
  const inUse = JSON.stringify(snapshot.models);

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew in each round, and when other models are in use
  useEffect(() => {
    if (!isLive || !isOffered) return;
    let isCurrent = true;
    ask<CatalogueModel[]>("/v1/models/catalog").then(
      (models) => isCurrent && setCatalogue(models),
      (error: unknown) => {
        if (isCurrent && error instanceof ApiError && error.status === 404) setOffered(false);
      },
    );
    const timer = setTimeout(() => setRound((before) => before + 1), isPulling ? PULLING_MS : IDLE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [isLive, isOffered, isPulling, inUse, round]);

  return { catalogue, refresh: useCallback(() => setRound((before) => before + 1), []) };
}
