/** What the page remembers about its user. */
import { type Preferences as PagePreferences, PreferenceStore } from "@stt/ui";

export interface Preferences extends PagePreferences {
  /** Of the speech: a code or `auto`; undefined leaves it to the server. */
  language?: string | undefined;
  /** Of the microphone; undefined is the system's choice. */
  deviceId?: string | undefined;
  /** Access key of the server. */
  key?: string | undefined;
}

export const PREFERENCES = new PreferenceStore<Preferences>("stt-editor.preferences", (found) => ({
  language: textOf(found.language),
  deviceId: textOf(found.deviceId),
  key: textOf(found.key),
}));

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
