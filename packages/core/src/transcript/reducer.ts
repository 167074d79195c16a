/** Server messages to a transcript. Pure; snapshots are immutable and share what did not change. */
import type { FinalWord, ServerMessage, ServerMessageOf } from "../protocol/messages.js";
import { joinText } from "../speech/text-format.js";

/** What was said in one utterance, as far as it is known. */
export interface TranscriptSegment {
  /** Unique within the transcript, also across sessions: a key for lists. */
  readonly id: string;
  /** Number of the utterance within its session. */
  readonly utterance: number;
  /** Of the latest partial; -1 when a final came first. */
  readonly revision: number;
  readonly state: "partial" | "final";
  /** Text that will not change before the final; all of it in a final. */
  readonly committed: string;
  /** Text that may still change; empty in a final. */
  readonly tentative: string;
  /** `committed` and `tentative` joined. */
  readonly text: string;
  /** Milliseconds on the session's timeline. */
  readonly startMs: number;
  readonly endMs: number;
  /** ISO 639-1 code or `yue`; may be empty while unknown. */
  readonly language: string;
  readonly words?: readonly FinalWord[];
  /** Mean token probability of a final, 0..1. */
  readonly confidence?: number;
}

/** A transcript. Treat it as frozen: it is replaced, never modified. */
export interface TranscriptState {
  /** In the order of speech. */
  readonly segments: readonly TranscriptSegment[];
  /** Everything, tentative text included. */
  readonly text: string;
  /** Finals and committed text. */
  readonly committedText: string;
  /** What may still change: the tentative text. */
  readonly interimText: string;
  /** @internal Sessions begun so far; utterances are numbered anew in each. */
  readonly session: number;
  /** @internal Messages for utterances below this number, in the present session, are ignored. */
  readonly ignoredBelow: number;
  /** @internal So are those for these utterances: removed, or found to hold nothing. */
  readonly ignored: ReadonlySet<number>;
  /** @internal The leading finals, joined once: an hour of speech is not joined anew for each partial. */
  readonly joined: { readonly count: number; readonly text: string };
}

/** What a user does to a transcript. */
export type TranscriptAction =
  /** Removes everything said so far; late messages about it are ignored. */
  | { type: "clear" }
  /** Removes the segment; late messages about it are ignored. */
  | { type: "remove"; id: string };

const NONE: ReadonlySet<number> = new Set();

export const EMPTY_TRANSCRIPT: TranscriptState = Object.freeze({
  segments: Object.freeze([]),
  text: "",
  committedText: "",
  interimText: "",
  session: 0,
  ignoredBelow: 0,
  ignored: NONE,
  joined: Object.freeze({ count: 0, text: "" }),
});

/**
 * The next transcript. Returns `state` itself when nothing changes: for other messages, stale revisions, repeated finals.
 *
 * A final is authoritative: it replaces the partials of its utterance, and partials after it are ignored. A final without text
 * removes its segment.
 */
export function transcriptReducer(state: TranscriptState, message: ServerMessage | TranscriptAction): TranscriptState {
  switch (message.type) {
    case "ready":
      return message.resumed ? state : beginSession(state);
    case "partial":
      return applyPartial(state, message);
    case "final":
      return applyFinal(state, message);
    case "clear":
      return clear(state);
    case "remove":
      return remove(state, message.id);
    default:
      return state;
  }
}

/** A new session numbers its utterances from the start: what the old one left open will get no final and stays as it reads. */
function beginSession(state: TranscriptState): TranscriptState {
  if (state.segments.length === 0 && state.ignoredBelow === 0 && state.ignored.size === 0) return state;
  const segments = state.segments.map(
    (segment): TranscriptSegment =>
      segment.state === "final" ? segment : { ...segment, state: "final", committed: segment.text, tentative: "" },
  );
  return derive({ ...state, segments, session: state.session + 1, ignoredBelow: 0, ignored: NONE });
}

function applyPartial(state: TranscriptState, message: ServerMessageOf<"partial">): TranscriptState {
  if (isIgnored(state, message.utterance)) return state;
  const { index, found } = locate(state, message.utterance);
  if (found && (found.state === "final" || found.revision >= message.revision)) return state;
  const { utterance, revision, committed, tentative, startMs, endMs, language } = message;
  return put(state, index, found !== undefined, {
    id: idOf(state, utterance),
    utterance,
    revision,
    state: "partial",
    committed,
    tentative,
    text: joinText(committed, tentative, language),
    startMs,
    endMs,
    language,
  });
}

function applyFinal(state: TranscriptState, message: ServerMessageOf<"final">): TranscriptState {
  if (isIgnored(state, message.utterance)) return state;
  const { utterance, text, startMs, endMs, language, confidence, words } = message;
  const { index, found } = locate(state, utterance);
  if (text.trim() === "") {
    const ignored = new Set(state.ignored).add(utterance);
    return found ? drop({ ...state, ignored }, index) : { ...state, ignored };
  }
  if (found?.state === "final" && found.text === text && found.endMs === endMs) return state;
  return put(state, index, found !== undefined, {
    id: idOf(state, utterance),
    utterance,
    revision: found?.revision ?? -1,
    state: "final",
    committed: text,
    tentative: "",
    text,
    startMs,
    endMs,
    language,
    confidence,
    ...(words && { words }),
  });
}

function clear(state: TranscriptState): TranscriptState {
  if (state.segments.length === 0) return state;
  const last = state.segments[state.segments.length - 1]!;
  const known = isOfSession(state, last) ? last.utterance + 1 : 0;
  return { ...EMPTY_TRANSCRIPT, session: state.session, ignoredBelow: Math.max(state.ignoredBelow, known) };
}

function remove(state: TranscriptState, id: string): TranscriptState {
  const index = state.segments.findIndex((segment) => segment.id === id);
  const segment = state.segments[index];
  if (!segment) return state;
  const ignored = isOfSession(state, segment) ? new Set(state.ignored).add(segment.utterance) : state.ignored;
  return drop({ ...state, ignored }, index);
}

function isIgnored(state: TranscriptState, utterance: number): boolean {
  return utterance < state.ignoredBelow || state.ignored.has(utterance);
}

function idOf(state: TranscriptState, utterance: number): string {
  return `${state.session}:${utterance}`;
}

function isOfSession(state: TranscriptState, segment: TranscriptSegment): boolean {
  return segment.id === idOf(state, segment.utterance);
}

/** Where the utterance's segment is, or belongs. Searched from the end: messages are about the latest speech. */
function locate(state: TranscriptState, utterance: number): { index: number; found?: TranscriptSegment } {
  let index = state.segments.length;
  while (index > 0) {
    const segment = state.segments[index - 1]!;
    if (!isOfSession(state, segment) || segment.utterance < utterance) break;
    if (segment.utterance === utterance) return { index: index - 1, found: segment };
    index--;
  }
  return { index };
}

function put(state: TranscriptState, index: number, replaces: boolean, segment: TranscriptSegment): TranscriptState {
  const segments = state.segments.slice();
  segments.splice(index, replaces ? 1 : 0, segment);
  return derive({ ...state, segments }, index);
}

function drop(state: TranscriptState, index: number): TranscriptState {
  return derive({ ...state, segments: state.segments.filter((_, i) => i !== index) }, index);
}

/** Brings the joined texts up to date. `changed` is the first segment that is not as it was. */
function derive(state: TranscriptState, changed = 0): TranscriptState {
  const { segments } = state;
  let { count, text: joinedText } = changed < state.joined.count ? EMPTY_TRANSCRIPT.joined : state.joined;
  for (; segments[count]?.state === "final"; count++)
    joinedText = append(joinedText, segments[count]!.text, segments[count]!);
  let text = joinedText;
  let committedText = joinedText;
  let interimText = "";
  for (let i = count; i < segments.length; i++) {
    const segment = segments[i]!;
    text = append(text, segment.text, segment);
    committedText = append(committedText, segment.committed, segment);
    interimText = append(interimText, segment.tentative, segment);
  }
  return { ...state, text, committedText, interimText, joined: { count, text: joinedText } };
}

function append(text: string, more: string, segment: TranscriptSegment): string {
  return joinText(text, more, segment.language);
}
