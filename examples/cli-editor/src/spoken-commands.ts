/** What the editor does when a command was spoken. Whatever changes the text can be taken back. */
import type { TextDocument } from "@stt/core/document";

/** What commands act on beside the text. */
export interface Obedient {
  document: TextDocument;
  /** Utterances that are written, the latest last. */
  spoken: readonly number[];
  copy(text: string): void;
  stopListening(): void;
  /** Says to the user what was done. */
  tell(text: "obeyed" | "nothingToUndo" | "nothingToRedo"): void;
}

/** @param command its name in the protocol, such as `delete_that`; own commands of a server mean nothing here */
export function obey(command: string, { document, spoken, copy, stopListening, tell }: Obedient): void {
  switch (command) {
    case "delete_that": {
      const ranges = [...spoken].reverse().map((utterance) => document.spokenRange(utterance));
      const range = document.selection ?? ranges.find((each) => each !== undefined);
      if (range) document.edit(range, "", "other");
      tell("obeyed");
      return;
    }
    case "undo":
      tell(document.undo() ? "obeyed" : "nothingToUndo");
      return;
    case "redo":
      tell(document.redo() ? "obeyed" : "nothingToRedo");
      return;
    case "select_all":
      document.selectAll();
      tell("obeyed");
      return;
    case "copy":
      copy(document.selectedText || document.text);
      return;
    case "copy_all":
      copy(document.text);
      return;
    case "stop_listening":
      stopListening();
      tell("obeyed");
      return;
    default:
      return;
  }
}
