import { useEffect } from "react";

/** Has the browser ask before the page is left. @param hasUnsent something that was said or chosen is not text yet */
export function useLeaveGuard(hasUnsent: boolean): void {
  useEffect(() => {
    if (!hasUnsent) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [hasUnsent]);
}
