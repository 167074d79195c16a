import { useEffect, useRef } from "react";

/** A key that does something wherever the operator is, except in a field. */
export function useShortcut(key: string, action: () => void): void {
  const latest = useRef(action);
  latest.current = action;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const isModified = event.ctrlKey || event.metaKey || event.altKey;
      const isInField =
        event.target instanceof Element && event.target.matches("input:not([type=checkbox]), select, textarea");
      // By its place too: the Russian layout has other letters on the same keys.
      const isKey = event.key.toLowerCase() === key || event.code === `Key${key.toUpperCase()}`;
      if (isModified || isInField || !isKey || event.repeat) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [key]);
}
