import { useEffect, useState } from "react";

/** How long the second press is waited for, milliseconds. */
const SURE_MS = 4000;

export interface Sure {
  /** Whether the next press does it. */
  isAsked: boolean;
  press(): void;
}

/** What cannot be taken back is done at the second press. */
export function useSure(action: () => void): Sure {
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    if (!isAsked) return;
    const timer = setTimeout(() => setAsked(false), SURE_MS);
    return () => clearTimeout(timer);
  }, [isAsked]);
  const press = () => {
    setAsked(!isAsked);
    if (isAsked) action();
  };
  return { isAsked, press };
}
