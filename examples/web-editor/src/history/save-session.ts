/** A session of the history as a file. */
import { EXPORT_FORMATS, type ExportFormat, exportFile, fileName, saveFile } from "../export-file.js";
import type { MenuItem } from "../menu.js";
import type { Texts } from "../texts/index.js";
import type { HistorySession } from "./entry.js";

/** @returns the file's name */
export async function saveSession(session: HistorySession, title: string, format: ExportFormat): Promise<string> {
  const { entries } = session;
  const text = entries.map((entry) => entry.text).join("\n");
  const segments = entries.map(({ startMs, endMs, language, text: said, words, at, model }) => ({
    text: said,
    startMs,
    endMs,
    language,
    at: new Date(at).toISOString(),
    ...(model ? { model } : {}),
    ...(words ? { words } : {}),
  }));
  const base = session.file?.replace(/\.\w+$/, "");
  const name = base ? `${base}.${format}` : fileName("", format, new Date(session.at)).trim();
  saveFile(await exportFile({ title, text, segments }, format), name);
  return name;
}

export function sessionExports(texts: Texts, onChoose: (format: ExportFormat) => Promise<void>): MenuItem[] {
  return EXPORT_FORMATS.map((format) => ({
    label: texts[format],
    isDisabled: false,
    onChoose: () => void onChoose(format),
  }));
}
