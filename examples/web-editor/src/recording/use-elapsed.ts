import { useEffect, useRef, useState } from "react";

/** Whole seconds for which something was on; what passes while it is off does not count. @param isReset begins again from 0 */
export function useElapsed(isOn: boolean, isReset: boolean): number {
  const [seconds, setSeconds] = useState(0);
  const before = useRef(0);
  useEffect(() => {
    if (!isReset) return;
    before.current = 0;
    setSeconds(0);
  }, [isReset]);
  useEffect(() => {
    if (!isOn) return;
    const from = performance.now();
    const count = () => before.current + performance.now() - from;
    const timer = setInterval(() => setSeconds(Math.floor(count() / 1000)), 250);
    return () => {
      clearInterval(timer);
      before.current = count();
    };
  }, [isOn]);
  return seconds;
}

/** `0:07`, `12:30`, `1:02:03`. */
export function clockTime(seconds: number): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}
