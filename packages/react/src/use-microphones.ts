/** Which microphones there are. */
import { listMicrophones, type MicrophoneInfo, watchMicrophonePermission, watchMicrophones } from "@stt/client-web";
import { useEffect, useState } from "react";

/**
 * The microphones, kept current as they come and go. Empty until the page has the permission: browsers tell no names before.
 * Asks the user nothing.
 */
export function useMicrophones(): readonly MicrophoneInfo[] {
  const [microphones, setMicrophones] = useState<readonly MicrophoneInfo[]>([]);
  useEffect(() => {
    let mounted = true;
    const refresh = async () => {
      const found = await listMicrophones();
      if (mounted) setMicrophones((known) => (JSON.stringify(known) === JSON.stringify(found) ? known : found));
    };
    void refresh();
    const unwatchDevices = watchMicrophones(refresh);
    // With the permission the names appear, and not every browser calls that a change of devices.
    const unwatchPermission = watchMicrophonePermission(refresh);
    return () => {
      mounted = false;
      unwatchDevices();
      unwatchPermission();
    };
  }, []);
  return microphones;
}
