import { useEffect } from "react";
import { isModifier } from "./talk-key.js";
import type { Hold } from "./use-hold.js";

/** Taps and holds by the keyboard, wherever its place is on the page. @param code of the key */
export function useTalkKey(code: string, { press, release, cancel }: Hold): void {
  useEffect(() => {
    const scope = new AbortController();
    const { signal } = scope;
    const on = <T extends keyof WindowEventMap>(type: T, listener: (event: WindowEventMap[T]) => void) =>
      window.addEventListener(type, listener, { signal, capture: true });
    on("keydown", (event) => {
      if (event.code !== code) {
        // Right Ctrl and C is a copy.
        if (isModifier(code) && !event.repeat) cancel();
        return;
      }
      // It is being chosen.
      const isChosen = event.target instanceof Element && event.target.closest("[data-takes-keys]") !== null;
      if (event.isComposing || isChosen) return;
      event.preventDefault();
      if (!event.repeat) press();
    });
    on("keyup", (event) => {
      if (event.code !== code) return;
      event.preventDefault();
      release();
    });
    // Whoever leaves the window with the key held releases it elsewhere.
    on("blur", release);
    return () => scope.abort();
  }, [code, press, release, cancel]);
}
