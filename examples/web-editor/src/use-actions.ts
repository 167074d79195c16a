/** What the buttons and the keys do with the text. */
import { messageOf } from "@stt/core";
import { fill } from "@stt/ui";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Editor } from "./editor.js";
import { type ExportFormat, exportFile, fileName, saveFile } from "./export-file.js";
import type { MessageText } from "./message.js";
import { usePage } from "./page-context.js";

/** How long a message stays; with an undo it is read, thought about, and clicked on. */
const MESSAGE_MS = 4000;
const UNDO_MESSAGE_MS = 10_000;

export function useActions(editor: Editor) {
  const { texts } = usePage();
  const [message, setMessage] = useState<MessageText | null>(null);
  const [warning, setWarning] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (!message) return;
    const timer = setTimeout(() => setMessage(null), message.undo || message.action ? UNDO_MESSAGE_MS : MESSAGE_MS);
    return () => clearTimeout(timer);
  }, [message]);

  /** @param how nobody needs to be told what he asked for once and for all; what is selected, where something is */
  const copy = async (how?: "quietly" | "selected") => {
    const { text: whole, selection } = editor.getSnapshot();
    const text = how === "selected" && selection ? whole.slice(selection.from, selection.to) : whole;
    if (text === "") {
      if (how === "quietly") return;
      setMessage({ text: texts.nothingToCopy });
      return;
    }
    try {
      await navigator.clipboard.writeText(text);
      if (how !== "quietly") setMessage({ text: fill(texts.copied, { count: [...text].length }) });
    } catch {
      setWarning(texts.notCopied);
    }
  };

  const clear = () => {
    if (editor.getSnapshot().text === "") return;
    const takeBack = editor.clear();
    setMessage({
      text: texts.cleared,
      undo: () => {
        takeBack();
        setMessage(null);
        editor.focus();
      },
    });
    editor.focus();
  };

  const save = async (format: ExportFormat) => {
    const name = fileName(texts.title, format);
    try {
      const { text } = editor.getSnapshot();
      saveFile(await exportFile({ title: texts.title, text, segments: editor.segments() }, format), name);
      setMessage({ text: fill(texts.saved, { file: name }) });
    } catch (error) {
      setWarning(fill(texts.notSaved, { reason: messageOf(error) }));
    }
  };

  const chooseFile = useCallback(() => picker.current?.click(), []);
  const dismiss = useCallback(() => setWarning(null), []);
  return { message, warning, setWarning, setMessage, dismiss, picker, copy, clear, save, chooseFile };
}

export type Actions = ReturnType<typeof useActions>;
