/** The one line that is not text. */
import { type Locale, type StateKey, stateWord } from "@stt/core";
import { cut, widthOf } from "./width.js";

const ACCENT = "\x1b[36m";
const DIM = "\x1b[2m";
const RESET = "\x1b[0m";

/** Up to here there is room for the sign and the word only. */
const NARROW_COLUMNS = 20;
/** Less of a sentence says nothing. */
const FEW_WORDS_COLUMNS = 16;

/** Every state is told by a sign, a word, and then a colour. */
const ICONS: Record<StateKey, string> = {
  idle: "○",
  connecting: "◌",
  connected: "○",
  listening: "●",
  hearing: "◉",
  finishing: "◐",
  paused: "‖",
  reconnecting: "↻",
  microphone_blocked: "✕",
  no_microphone: "✕",
  server_full: "↻",
  closed: "○",
  failed: "✕",
};

/** What it shows. */
export interface Status {
  state: StateKey;
  /** For `server_full`: seconds until the next attempt. */
  seconds: number;
  /** How loud it is; empty while nothing is recorded. */
  level: string;
  /** A sentence that takes the place of the details. */
  notice: string;
  /** The most important first: the last ones go when there is no room. */
  details: readonly string[];
}

/** The line as terminal text, never wider than `columns`. */
export function statusLine(status: Status, locale: Locale, columns: number): string {
  const head = headOf(status, locale, columns);
  const room = columns <= NARROW_COLUMNS ? 0 : columns - widthOf(head) - 2;
  const rest = status.notice === "" ? fitting([status.level, ...status.details], room) : noticeOf(status, room);
  return `${ACCENT}${head}${RESET}${rest === "" ? "" : `  ${DIM}${rest}${RESET}`}`;
}

function headOf({ state, seconds }: Status, locale: Locale, columns: number): string {
  const word = stateWord(state, locale, seconds);
  const head = `${ICONS[state]} ${word}`;
  // In a narrow terminal the first words have to do: "Reconnecting" without its comfort.
  return widthOf(head) <= columns ? head : cut(`${ICONS[state]} ${word.split(/,| - /)[0]}`, columns);
}

/** The sentence, cut where it has to be; the level stays beside it while there is room for some words. */
function noticeOf({ level, notice }: Status, room: number): string {
  const left = room - widthOf(level) - 2;
  return level !== "" && left >= FEW_WORDS_COLUMNS ? `${level}  ${cut(notice, left)}` : cut(notice, room);
}

function fitting(details: readonly string[], room: number): string {
  let line = "";
  for (const detail of details) {
    if (detail === "") continue;
    const longer = line === "" ? detail : `${line}  ${detail}`;
    if (widthOf(longer) > room) break;
    line = longer;
  }
  return line;
}
