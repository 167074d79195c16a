/** Whether this browser can do it. */
import type { MicrophoneProblem } from "@stt/core";

/** What keeps this page from recording whatever the user allows; `null` when nothing does, also on a server. */
export function captureObstacle(): Extract<MicrophoneProblem, "insecure" | "unsupported"> | null {
  if (typeof window === "undefined") return null;
  if (window.isSecureContext === false) return "insecure";
  const records = typeof navigator.mediaDevices?.getUserMedia === "function";
  return records && typeof AudioWorkletNode === "function" ? null : "unsupported";
}

/** Whether this page can record at all. On a server it is taken for granted, so that rendered pages do not differ. */
export function isMicrophoneSupported(): boolean {
  return captureObstacle() === null;
}
