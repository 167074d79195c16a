/** What the page remembers about its operator. */
import { PreferenceStore, type Preferences } from "@stt/ui";

export interface ConsolePreferences extends Preferences {
  /** Of those who are connected. */
  showsAddresses: boolean;
}

export const PREFERENCES = new PreferenceStore<ConsolePreferences>("stt-console.preferences", ({ showsAddresses }) => ({
  showsAddresses: showsAddresses === true,
}));
