/** The key that one holds to talk, or taps to begin and to pause. */

/** Keys that type nothing and that neither browser nor system keeps for itself everywhere, by `KeyboardEvent.code`. */
const NAMES: Readonly<Record<string, string>> = {
  ControlRight: "Right Ctrl",
  ControlLeft: "Left Ctrl",
  AltRight: "Right Alt",
  ShiftRight: "Right Shift",
  MetaRight: "Right ⌘",
  CapsLock: "Caps Lock",
  ScrollLock: "Scroll Lock",
  Pause: "Pause",
  Insert: "Insert",
  ContextMenu: "Menu",
};

const FUNCTION_KEY = /^F([1-9]|1\d|2[0-4])$/;
/** They have their own actions here. */
const TAKEN: ReadonlySet<string> = new Set(["F3", "F4", "F5", "F11", "F12"]);

export const DEFAULT_TALK_KEY = "F1";

/** @param code of a `KeyboardEvent` */
export function mayBeTalkKey(code: unknown): code is string {
  return typeof code === "string" && (code in NAMES || (FUNCTION_KEY.test(code) && !TAKEN.has(code)));
}

export function talkKeyName(code: string): string {
  return NAMES[code] ?? code;
}

/** Held together with a letter, it means something else. */
export function isModifier(code: string): boolean {
  return /^(Control|Alt|Shift|Meta)/.test(code);
}
