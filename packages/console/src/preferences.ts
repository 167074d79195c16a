/** What the page remembers about its operator. */
import { PreferenceStore } from "@stt/ui";

export const PREFERENCES = new PreferenceStore("stt-console.preferences", () => ({}));
