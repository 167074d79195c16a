/** Which key does what to the text. */
import type { TextDocument } from "@stt/core/document";
import type { TextView } from "./terminal/text-view.js";

type Action = (document: TextDocument, view: TextView) => void;

const ACTIONS: Readonly<Record<string, Action>> = {
  enter: (document) => document.type("\n"),
  tab: (document) => document.type("\t"),
  backspace: (document) => document.erase("left"),
  delete: (document) => document.erase("right"),
  "ctrl+w": (document) => document.erase("word-left"),
  "alt+backspace": (document) => document.erase("word-left"),
  "ctrl+delete": (document) => document.erase("word-right"),
  "ctrl+a": (document) => document.selectAll(),
};

/** These extend the selection when Shift is held. */
const MOTIONS: Readonly<Record<string, (document: TextDocument, view: TextView, select: boolean) => void>> = {
  left: (document, _, select) => document.move("left", select),
  right: (document, _, select) => document.move("right", select),
  "ctrl+left": (document, _, select) => document.move("word-left", select),
  "ctrl+right": (document, _, select) => document.move("word-right", select),
  "alt+left": (document, _, select) => document.move("word-left", select),
  "alt+right": (document, _, select) => document.move("word-right", select),
  "alt+b": (document, _, select) => document.move("word-left", select),
  "alt+f": (document, _, select) => document.move("word-right", select),
  home: (_, view, select) => view.moveInRow("start", select),
  end: (_, view, select) => view.moveInRow("end", select),
  "ctrl+home": (document, _, select) => document.move("start", select),
  "ctrl+end": (document, _, select) => document.move("end", select),
};

/** These also keep the column. */
const ROWS: Readonly<Record<string, (view: TextView) => number>> = {
  up: () => -1,
  down: () => 1,
  pageup: (view) => -Math.max(1, view.rows - 1),
  pagedown: (view) => Math.max(1, view.rows - 1),
};

/** Does what a key stands for. @returns false when it stands for nothing here */
export function applyKey(name: string, document: TextDocument, view: TextView): boolean {
  const select = name.includes("shift+");
  const plain = name.replace("shift+", "");
  const rows = ROWS[plain];
  if (rows) {
    view.moveRows(rows(view), select);
    return true;
  }
  view.forgetColumn();
  const motion = MOTIONS[plain];
  if (motion) motion(document, view, select);
  else ACTIONS[name]?.(document, view);
  return motion !== undefined || name in ACTIONS;
}
