/** What the page remembers about its user. */
import type { Numerals, Redaction, SessionOptions } from "@stt/core";
import { SESSION_SHAPE } from "@stt/core/callers";
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
  /** They are obeyed. @default true */
  spokenCommands: boolean;
  /** It is written as signs. @default true */
  spokenPunctuation: boolean;
  /** As the fields of a session; undefined leaves them to the server. */
  numerals?: Numerals | undefined;
  fillers?: "keep" | "remove" | undefined;
  profanity?: "keep" | "mask" | undefined;
  typography?: boolean | undefined;
  /** Beside what the server redacts. */
  redact: Redaction[];
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
  // One switch was for both.
  spokenPunctuation: (found.spokenPunctuation ?? found.spokenCommands) !== false,
  numerals: wishOf("numerals", found.numerals),
  fillers: wishOf("fillers", found.fillers),
  profanity: wishOf("profanity", found.profanity),
  typography: wishOf("typography", found.typography),
  redact: wishOf("redact", found.redact) ?? [],
  marksDoubt: found.marksDoubt === true,
  keepsSound: found.keepsSound === true,
  soundLimitMb: typeof found.soundLimitMb === "number" && found.soundLimitMb > 0 ? found.soundLimitMb : 200,
}));

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What a session takes; undefined is anything else. */
function wishOf<K extends "numerals" | "fillers" | "profanity" | "typography" | "redact">(name: K, value: unknown) {
  const field = SESSION_SHAPE[name];
  return field.is(value) ? (value as SessionOptions[K]) : undefined;
}
