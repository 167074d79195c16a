/** Which microphones there are. */
import { callback, callSafely, checkArgument } from "@stt/core/callers";

export interface MicrophoneInfo {
  /** For `microphone({ deviceId })`; stable for this site, as long as its data is not cleared. */
  deviceId: string;
  /** The device's name. */
  label: string;
  /** Equal for devices of one piece of hardware. */
  groupId: string;
}

/**
 * Lists microphones. Browsers name them only once the permission was given; until then the list is empty, as it is on a server.
 */
export async function listMicrophones(): Promise<MicrophoneInfo[]> {
  const devices =
    (await mediaDevices()
      ?.enumerateDevices()
      .catch(() => [])) ?? [];
  return devices
    .filter(({ kind, deviceId }) => kind === "audioinput" && deviceId !== "")
    .map(({ deviceId, label, groupId }) => ({ deviceId, label, groupId }));
}

/**
 * Calls `listener` when a microphone is connected or disconnected.
 *
 * @returns a function that ends it
 * @throws SttError `invalid_argument`
 */
export function watchMicrophones(listener: () => void): () => void {
  checkArgument("watchMicrophones", listener, callback);
  const devices = mediaDevices();
  if (typeof devices?.addEventListener !== "function") return () => {};
  const own = () => callSafely(listener);
  devices.addEventListener("devicechange", own);
  return () => devices.removeEventListener("devicechange", own);
}

function mediaDevices(): MediaDevices | undefined {
  return typeof navigator === "undefined" ? undefined : navigator.mediaDevices;
}
