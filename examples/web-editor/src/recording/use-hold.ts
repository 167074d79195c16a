/** One gesture for a button and a key: a tap begins or pauses, holding talks for as long as it is held. */
import { useEffect, useMemo, useRef } from "react";

/** From here on a press is a hold, milliseconds. */
export const HOLD_MS = 400;

export interface HoldActions {
  isOn: boolean;
  begin(): void;
  end(): void;
}

export interface Hold {
  press(): void;
  release(): void;
  /** It was meant for something else: what the press began ends. */
  cancel(): void;
}

/** It begins with the press and not after it: the first word of whoever holds is there. */
export function useHold(actions: HoldActions): Hold {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  return useMemo(() => {
    let pressed: { at: number; wasOn: boolean } | undefined;
    return {
      press() {
        if (pressed) return;
        const wasOn = latest.current.isOn;
        pressed = { at: performance.now(), wasOn };
        if (!wasOn) latest.current.begin();
      },
      release() {
        if (!pressed) return;
        const { at, wasOn } = pressed;
        pressed = undefined;
        if (wasOn || performance.now() - at >= HOLD_MS) latest.current.end();
      },
      cancel() {
        if (!pressed) return;
        const { wasOn } = pressed;
        pressed = undefined;
        if (!wasOn) latest.current.end();
      },
    };
  }, []);
}
