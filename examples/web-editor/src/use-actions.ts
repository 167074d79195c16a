/** What the buttons, the keys and dropped files do. */
import { failureText, isSttError } from "@stt/core";
import type { UseTranscriptionResult } from "@stt/react";
import { fill } from "@stt/ui";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Editor } from "./editor.js";
import type { MessageText } from "./message.js";
import { usePage } from "./page-context.js";

export type ExportFormat = "txt" | "srt" | "vtt";

/** How long a message stays; with an undo it is read, thought about, and clicked on. */
const MESSAGE_MS = 4000;
const UNDO_MESSAGE_MS = 10_000;

const TYPES: Record<ExportFormat, string> = {
  txt: "text/plain;charset=utf-8",
  srt: "application/x-subrip;charset=utf-8",
  vtt: "text/vtt;charset=utf-8",
};

export function useActions(editor: Editor, transcription: UseTranscriptionResult) {
  const { texts, locale } = usePage();
  const [message, setMessage] = useState<MessageText | null>(null);
  const [warning, setWarning] = useState<string | null>(null);
  const [file, setFile] = useState<string | null>(null);
  const picker = useRef<HTMLInputElement>(null);

  useEffect(() => {
    if (!message) return;
    const timer = setTimeout(() => setMessage(null), message.undo ? UNDO_MESSAGE_MS : MESSAGE_MS);
    return () => clearTimeout(timer);
  }, [message]);

  const { status, fileProgress, start, pause, resume, cancel } = transcription;

  const record = () => {
    setWarning(null);
    if (fileProgress) cancel();
    else if (status === "paused") resume();
    else if (status === "listening" || status === "reconnecting" || status === "connecting") pause();
    else void start();
  };

  const copy = async () => {
    const { text } = editor.getSnapshot();
    if (text === "") {
      setMessage({ text: texts.nothingToCopy });
      return;
    }
    try {
      await navigator.clipboard.writeText(text);
      setMessage({ text: fill(texts.copied, { count: [...text].length }) });
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

  const save = (format: ExportFormat) => {
    const name = `${texts.title.toLowerCase()} ${new Date().toLocaleString("sv").replace(/:/g, "-")}.${format}`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([editor.export(format)], { type: TYPES[format] }));
    link.download = name;
    link.click();
    // The browser reads it after the click has been dealt with.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    setMessage({ text: fill(texts.saved, { file: name }) });
  };

  const read = async (chosen: File) => {
    const wasListening = transcription.microphone !== null && status !== "paused";
    setFile(chosen.name);
    try {
      await transcription.transcribe(chosen);
    } catch (error) {
      // What has ended says so itself; a recording that goes on does not.
      if (isSttError(error) && error.code === "bad_audio" && transcription.getClient().getSnapshot().isListening)
        setWarning(failureText(error, locale));
      return;
    } finally {
      setFile(null);
    }
    if (wasListening) await start().catch(() => {});
  };

  const chooseFile = useCallback(() => picker.current?.click(), []);
  const dismiss = useCallback(() => setWarning(null), []);
  return { message, warning, setWarning, dismiss, file, picker, record, copy, clear, save, read, chooseFile };
}

export type Actions = ReturnType<typeof useActions>;
