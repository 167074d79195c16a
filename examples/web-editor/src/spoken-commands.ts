/** What the page does when a command was spoken. Whatever changes the text can be taken back. */
import { fill } from "@stt/ui";
import type { Editor } from "./editor.js";
import type { Texts } from "./texts/index.js";
import type { Actions } from "./use-actions.js";

export interface Obedient {
  editor: Editor;
  actions: Pick<Actions, "copy" | "setMessage">;
  pause(): void;
  texts: Texts;
}

/**
 * @param command its name, such as `delete_that`
 * @param spoken as it was said
 */
export function obey(command: string, spoken: string, { editor, actions, pause, texts }: Obedient): void {
  const told = (undo?: () => void) =>
    actions.setMessage({ text: fill(texts.obeyed, { command: spoken }), ...(undo ? { undo } : {}) });
  switch (command) {
    case "delete_that":
      editor.deleteThat();
      told(editor.undo);
      return;
    case "undo":
      editor.undo();
      told(editor.redo);
      return;
    case "redo":
      editor.redo();
      told(editor.undo);
      return;
    case "select_all":
      editor.selectAll();
      told();
      return;
    case "copy":
      void actions.copy("selected");
      return;
    case "copy_all":
      void actions.copy();
      return;
    case "stop_listening":
      pause();
      told();
      return;
    default:
      return;
  }
}
