/** What is remembered of something that was said. */
import type { FinalWord } from "@stt/core";

export interface HistoryEntry {
  id: string;
  /** Those of one opening of the page, or of one file, belong together. */
  session: string;
  /** When it began, milliseconds since 1970. */
  at: number;
  /** When the session began, milliseconds since 1970. */
  sessionAt: number;
  /** Name of the file that it is from; undefined for a microphone. */
  file?: string | undefined;
  /** ISO 639-1 code. */
  language: string;
  text: string;
  /** On the session's timeline, milliseconds. */
  startMs: number;
  endMs: number;
  /** With times on the same timeline. */
  words?: readonly FinalWord[] | undefined;
  model?: string | undefined;
  /** Of its sound, where that is kept; 0 where it is not. */
  soundBytes: number;
}

/** Entries of one session, oldest first. */
export interface HistorySession {
  id: string;
  at: number;
  file: string | undefined;
  entries: readonly HistoryEntry[];
}

/** @param entries in any order @returns the newest session first */
export function sessionsOf(entries: readonly HistoryEntry[]): HistorySession[] {
  const sessions = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const known = sessions.get(entry.session);
    if (known) known.push(entry);
    else sessions.set(entry.session, [entry]);
  }
  return [...sessions]
    .map(([id, own]) => {
      own.sort((a, b) => a.startMs - b.startMs || a.at - b.at);
      return { id, at: own[0]!.sessionAt, file: own[0]!.file, entries: own };
    })
    .sort((a, b) => b.at - a.at);
}
