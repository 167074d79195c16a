/** A key for every action. Within the text, undo and redo are the text's own. */
import { useEffect, useRef } from "react";

export interface Shortcuts {
  record(): void;
  copy(): void;
  clear(): void;
  chooseFile(): void;
  save(): void;
  undo(): void;
  redo(): void;
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
      const action = actionOf(event);
      if (!action || (isOtherField(event.target) && (action === "undo" || action === "redo"))) return;
      event.preventDefault();
      latest.current[action]();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function actionOf({ key, code, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): keyof Shortcuts | undefined {
  if (altKey) return undefined;
  if (!ctrlKey && !metaKey) {
    if (shiftKey) return undefined;
    return key === "F1" ? "record" : key === "F3" ? "copy" : key === "F4" ? "clear" : undefined;
  }
  // By the key's place, for the letter is another one on a Russian keyboard.
  switch (code) {
    case "KeyZ":
      return shiftKey ? "redo" : "undo";
    case "KeyY":
      return shiftKey ? undefined : "redo";
    case "KeyO":
      return shiftKey ? undefined : "chooseFile";
    case "KeyS":
      return shiftKey ? undefined : "save";
    default:
      return undefined;
  }
}

function isOtherField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement;
}
