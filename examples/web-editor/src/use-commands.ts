/** What the page can do, by name and key: for the palette and the sheet of keys. */
import type { Command } from "./commands.js";
import type { Editor, EditorView } from "./editor.js";
import { EXPORT_FORMATS, needsTimes } from "./export-file.js";
import { usePage } from "./page-context.js";
import type { PanelName } from "./panels/panels.js";
import { talkKeyName } from "./recording/talk-key.js";
import type { Actions } from "./use-actions.js";

export interface CommandsOf {
  editor: Editor;
  view: EditorView;
  actions: Actions;
  record(): void;
  recordLabel: string;
  find(): void;
  open(panel: PanelName): void;
  openPalette(): void;
}

export function useCommands({ editor, view, actions, record, recordLabel, ...page }: CommandsOf): readonly Command[] {
  const { texts, preferences } = usePage();
  const isEmpty = view.text === "";
  return [
    { id: "record", label: recordLabel, keys: talkKeyName(preferences.talkKey), run: record },
    { id: "copy", label: texts.copyLong, keys: "F3", isDisabled: isEmpty, run: () => void actions.copy() },
    { id: "clear", label: texts.clearLong, keys: "F4", isDisabled: isEmpty, run: actions.clear },
    { id: "undo", label: texts.undo, keys: "Ctrl+Z", isDisabled: !view.canUndo, run: editor.undo },
    { id: "redo", label: texts.redo, keys: "Ctrl+Y", isDisabled: !view.canRedo, run: editor.redo },
    { id: "find", label: texts.findLong, keys: "Ctrl+F", isDisabled: isEmpty, run: page.find },
    { id: "select-all", label: texts.selectAll, keys: "Ctrl+A", isDisabled: isEmpty, run: editor.selectAll },
    { id: "file", label: texts.fileLong, keys: "Ctrl+O", run: actions.chooseFile },
    ...EXPORT_FORMATS.map((format) => ({
      id: format,
      label: `${texts.export}: ${texts[format]}`,
      ...(format === "txt" ? { keys: "Ctrl+S" } : {}),
      isDisabled: needsTimes(format) ? !view.hasTimes : isEmpty,
      run: () => void actions.save(format),
    })),
    { id: "history", label: texts.history, run: () => page.open("history") },
    { id: "dictionary", label: texts.dictionary, run: () => page.open("dictionary") },
    { id: "settings", label: texts.settings, run: () => page.open("settings") },
    { id: "palette", label: texts.palette, keys: "Ctrl+K", run: page.openPalette },
    { id: "help", label: texts.help, keys: "?", run: () => page.open("help") },
  ];
}
