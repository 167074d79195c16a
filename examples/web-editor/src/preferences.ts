/** What the page remembers about its user. */
import { type Preferences as PagePreferences, PreferenceStore } from "@stt/ui";
import { DEFAULT_TALK_KEY, mayBeTalkKey } from "./recording/talk-key.js";

export interface Preferences extends PagePreferences {
  /** Of the speech: a code or `auto`; undefined leaves it to the server. */
  language?: string | undefined;
  /** Of the microphone; undefined is the system's choice. */
  deviceId?: string | undefined;
  /** Access key of the server. */
  key?: string | undefined;
  /** The first run is behind. @default false */
  introduced: boolean;
  /** A `KeyboardEvent.code`. */
  talkKey: string;
  /** Cues of the recording. @default false */
  sound: boolean;
  /** @default false */
  vibration: boolean;
  /** Everything goes to the clipboard with each final. @default false */
  autoCopy: boolean;
  /** Spoken commands are obeyed, and spoken punctuation is written as signs. @default true */
  spokenCommands: boolean;
  /** Words of low confidence are marked. @default false */
  marksDoubt: boolean;
  /** The sound of what is said stays with the history. @default false */
  keepsSound: boolean;
  /** Of which so much at most, megabytes. */
  soundLimitMb: number;
}

export const PREFERENCES = new PreferenceStore<Preferences>("stt-editor.preferences", (found) => ({
  language: textOf(found.language),
  deviceId: textOf(found.deviceId),
  key: textOf(found.key),
  introduced: found.introduced === true,
  talkKey: mayBeTalkKey(found.talkKey) ? found.talkKey : DEFAULT_TALK_KEY,
  sound: found.sound === true,
  vibration: found.vibration === true,
  autoCopy: found.autoCopy === true,
  spokenCommands: found.spokenCommands !== false,
  marksDoubt: found.marksDoubt === true,
  keepsSound: found.keepsSound === true,
  soundLimitMb: typeof found.soundLimitMb === "number" && found.soundLimitMb > 0 ? found.soundLimitMb : 200,
}));

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
