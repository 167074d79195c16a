/** A key for every action. Within the text, undo and redo are the text's own. */
import { useEffect, useRef } from "react";

export interface Shortcuts {
  copy(): void;
  clear(): void;
  chooseFile(): void;
  save(): void;
  undo(): void;
  redo(): void;
  find(): void;
  palette(): void;
  help(): void;
}

export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => {
    latest.current = shortcuts;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // What an input method is told is not for us.
      if (event.isComposing || event.repeat) return;
      const action = actionOf(event, isField(event.target));
      if (!action || (isOtherField(event.target) && (action === "undo" || action === "redo"))) return;
      event.preventDefault();
      latest.current[action]();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function actionOf(
  { key, code, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent,
  isWriting: boolean,
): keyof Shortcuts | undefined {
  if (altKey) return undefined;
  if (!ctrlKey && !metaKey) {
    // In a text, it is a question mark.
    if (key === "?") return isWriting ? undefined : "help";
    if (shiftKey) return undefined;
    return key === "F3" ? "copy" : key === "F4" ? "clear" : undefined;
  }
  // By the key's place, for the letter is another one on a Russian keyboard.
  switch (code) {
    case "KeyZ":
      return shiftKey ? "redo" : "undo";
    case "KeyY":
      return shiftKey ? undefined : "redo";
    case "KeyO":
      return shiftKey ? undefined : "chooseFile";
    case "KeyF":
    case "KeyH":
      return shiftKey ? undefined : "find";
    case "KeyK":
      return shiftKey ? undefined : "palette";
    case "Slash":
      return "help";
    case "KeyS":
      return shiftKey ? undefined : "save";
    default:
      return undefined;
  }
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLTextAreaElement || isOtherField(target) || target instanceof HTMLSelectElement;
}

function isOtherField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type !== "checkbox";
}
