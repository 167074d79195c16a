/** Scrolls along with new text, unless the reader looks elsewhere. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** Air that is kept under the line being written, pixels. */
const MARGIN = 48;

export interface Follow {
  /** Where text was written that the reader has not seen; null when there is none. */
  missed: "above" | "below" | null;
  /** Scrolls there. */
  follow(): void;
}

/**
 * @param marker an element where the latest text ends
 * @param version grows when text was written there
 */
export function useFollow(
  scroller: RefObject<HTMLElement | null>,
  marker: RefObject<HTMLElement | null>,
  version: number,
): Follow {
  const isFollowing = useRef(true);
  const [missed, setMissed] = useState<Follow["missed"]>(null);

  const place = useCallback(() => {
    const box = scroller.current?.getBoundingClientRect();
    const line = marker.current?.getBoundingClientRect();
    if (!box || !line) return 0;
    if (line.bottom > box.bottom) return line.bottom - box.bottom;
    return line.top < box.top ? line.top - box.top : 0;
  }, [scroller, marker]);

  const follow = useCallback(() => {
    const by = place();
    isFollowing.current = true;
    setMissed(null);
    if (by !== 0) scroller.current?.scrollBy({ top: by + Math.sign(by) * MARGIN, behavior: "instant" });
  }, [place, scroller]);

  useEffect(() => {
    const element = scroller.current;
    const onScroll = () => {
      isFollowing.current = place() === 0;
      if (isFollowing.current) setMissed(null);
    };
    element?.addEventListener("scroll", onScroll, { passive: true });
    return () => element?.removeEventListener("scroll", onScroll);
  }, [scroller, place]);

  useLayoutEffect(() => {
    if (version === 0) return;
    const by = place();
    if (by === 0) isFollowing.current = true;
    else if (isFollowing.current) follow();
    else setMissed(by > 0 ? "below" : "above");
  }, [version, place, follow]);

  return { missed, follow };
}
