/** Text and speech as files. What makes Word's comes only when it is asked for. */
import { type ExportSegment, exportTranscript } from "@stt/core";

export const EXPORT_FORMATS = ["txt", "md", "docx", "srt", "vtt", "json"] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** They are made of what was said, with its times; the others of the text alone. */
export function needsTimes(format: ExportFormat): boolean {
  return format === "srt" || format === "vtt" || format === "json";
}

const TYPES: Record<ExportFormat, string> = {
  txt: "text/plain;charset=utf-8",
  md: "text/markdown;charset=utf-8",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  srt: "application/x-subrip;charset=utf-8",
  vtt: "text/vtt;charset=utf-8",
  json: "application/json;charset=utf-8",
};

export interface Exportable {
  title: string;
  text: string;
  segments: readonly ExportSegment[];
}

export async function exportFile({ title, text, segments }: Exportable, format: ExportFormat): Promise<Blob> {
  if (format === "docx") {
    const { wordFile } = await import("./word-file.js");
    return wordFile(title, text);
  }
  const whole = `${text.trimEnd()}\n`;
  const content = needsTimes(format)
    ? exportTranscript(segments, format as "srt" | "vtt" | "json")
    : format === "md"
      ? `# ${title}\n\n${markdown(whole)}`
      : whole;
  return new Blob([content], { type: TYPES[format] });
}

/** A line break of the text stays one, and nothing in it becomes markup. */
function markdown(text: string): string {
  return text
    .replace(/[\\`*_[\]<>#]/g, "\\$&")
    .replace(/^(\s*)([-+]|\d+\.)(?=\s)/gm, "$1\\$2")
    .replace(/\n(?!\n|$)/g, "\n\n");
}

/** Has the browser save it. @returns its name */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser reads it after the click has been dealt with.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** `dictation 2026-11-29 10-15-00.txt` */
export function fileName(title: string, format: ExportFormat, at = new Date()): string {
  return `${title.toLowerCase()} ${at.toLocaleString("sv").replace(/:/g, "-")}.${format}`;
}
