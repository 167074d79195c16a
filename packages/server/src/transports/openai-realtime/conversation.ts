import { joinText } from "@stt/core";
import type { SessionEventOf } from "../../session/events.js";
import type { Dialect } from "./client-events.js";
import { type ConversationItem, newId, type ServerEvent } from "./server-events.js";

/** A turn: one utterance as the server found it, or all that a client committed at once. */
interface Item {
  readonly id: string;
  startMs: number;
  /** Utterances whose text is not known yet. */
  pending: number;
  /** What went out as deltas: it only grows. */
  sent: string;
  /** `sent` before the utterance that is growing now, and the number of that utterance. */
  base: string;
  growing: number;
  /** The finals so far, joined. */
  text: string;
  failure: { code: string; message: string } | undefined;
  /** Length of its audio; undefined until it is committed. */
  seconds: number | undefined;
  cleared: boolean;
}

export interface ConversationOptions {
  /** Whether the client commits. */
  manual(): boolean;
  dialect(): Dialect;
  /** Audio that belongs to a turn before its first speech, milliseconds. */
  prefixMs(): number;
  /** Whether deltas had better wait for a slow reader: the next one makes up for those left out. */
  isBackpressured(): boolean;
  emit(event: ServerEvent): void;
}

/** From the utterances of a session to the items of a conversation. Pure: session events in, server events out. */
export class Conversation {
  readonly #options: ConversationOptions;
  readonly #items = new Map<number, Item>();
  /** What was said since the last commit. */
  #open: Item | undefined;
  #lastId: string | null = null;
  #commits = 0;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** Items committed so far, by the client or by the end of a turn. */
  get commits(): number {
    return this.#commits;
  }

  /** Whether speech waits for a commit. */
  get hasOpenItem(): boolean {
    return this.#open !== undefined;
  }

  onSpeechStart({ utterance, atMs }: SessionEventOf<"speech_start">): void {
    const startMs = Math.max(0, Math.round(atMs - this.#options.prefixMs()));
    this.#open ??= newItem(startMs);
    this.#open.pending += 1;
    this.#items.set(utterance, this.#open);
    if (this.#options.manual()) return;
    this.#options.emit({
      type: "input_audio_buffer.speech_started",
      audio_start_ms: startMs,
      item_id: this.#open.id,
    });
  }

  onPartial({ utterance, committed, language }: SessionEventOf<"partial">): void {
    if (!this.#options.isBackpressured()) this.#grow(utterance, committed, language);
  }

  onSpeechEnd({ atMs }: SessionEventOf<"speech_end">): void {
    const item = this.#open;
    if (!item || this.#options.manual()) return;
    const endMs = Math.round(atMs);
    this.#options.emit({ type: "input_audio_buffer.speech_stopped", audio_end_ms: endMs, item_id: item.id });
    this.#commit(item, Math.max(0, endMs - item.startMs));
  }

  onFinal({ utterance, text, language }: SessionEventOf<"final">): void {
    this.#grow(utterance, text, language);
    const item = this.#items.get(utterance);
    if (item) item.text = joinText(item.text, text, language);
    this.#settle(utterance);
  }

  /** An utterance could not be decoded; the event that it is discarded follows. */
  onFailure({ utterance, code, message }: SessionEventOf<"error">): void {
    const item = utterance === undefined ? undefined : this.#items.get(utterance);
    if (item) item.failure = { code, message };
  }

  onDiscarded({ utterance }: SessionEventOf<"discarded">): void {
    this.#settle(utterance);
  }

  /**
   * The client's commit, once all audio before it was heard.
   *
   * @param audioMs length of what it commits
   */
  commit(audioMs: number): void {
    this.#commit(this.#open ?? newItem(0), audioMs);
  }

  /** The client's clear, once all audio before it was heard: what was said since the last commit is forgotten. */
  clear(): void {
    if (this.#open) this.#open.cleared = true;
    this.#open = undefined;
    this.#options.emit({ type: "input_audio_buffer.cleared" });
  }

  #commit(item: Item, audioMs: number): void {
    const { emit, dialect } = this.#options;
    this.#open = undefined;
    this.#commits += 1;
    item.seconds = Math.round(audioMs) / 1000;
    const previous_item_id = this.#lastId;
    this.#lastId = item.id;
    emit({ type: "input_audio_buffer.committed", item_id: item.id, previous_item_id });
    const shown = { item: userMessage(item.id), previous_item_id };
    if (dialect() === "beta") emit({ type: "conversation.item.created", ...shown });
    else {
      emit({ type: "conversation.item.added", ...shown });
      emit({ type: "conversation.item.done", ...shown });
    }
    this.#complete(item);
  }

  #settle(utterance: number): void {
    const item = this.#items.get(utterance);
    if (!item) return;
    this.#items.delete(utterance);
    item.pending -= 1;
    this.#complete(item);
  }

  #complete(item: Item): void {
    if (item.seconds === undefined || item.pending > 0 || item.cleared) return;
    const { failure, text, seconds } = item;
    const where = { item_id: item.id, content_index: 0 } as const;
    // Text that is there is not thrown away for the sake of a part that failed.
    if (failure && text === "") {
      this.#options.emit({
        type: "conversation.item.input_audio_transcription.failed",
        ...where,
        error: { type: "server_error", param: null, ...failure },
      });
      return;
    }
    this.#options.emit({
      type: "conversation.item.input_audio_transcription.completed",
      ...where,
      transcript: text,
      usage: { type: "duration", seconds },
    });
  }

  /** Sends what is new of an utterance's text. A text that is not a continuation of what was sent adds nothing. */
  #grow(utterance: number, text: string, language: string): void {
    const item = this.#items.get(utterance);
    if (!item || item.cleared || utterance < item.growing) return;
    if (utterance > item.growing) {
      item.base = item.sent;
      item.growing = utterance;
    }
    const grown = joinText(item.base, text, language);
    if (grown.length <= item.sent.length || !grown.startsWith(item.sent)) return;
    const delta = grown.slice(item.sent.length);
    item.sent = grown;
    this.#options.emit({
      type: "conversation.item.input_audio_transcription.delta",
      item_id: item.id,
      content_index: 0,
      delta,
    });
  }
}

function newItem(startMs: number): Item {
  return {
    id: newId("item"),
    startMs,
    pending: 0,
    sent: "",
    base: "",
    growing: -1,
    text: "",
    failure: undefined,
    seconds: undefined,
    cleared: false,
  };
}

function userMessage(id: string): ConversationItem {
  return {
    id,
    object: "realtime.item",
    type: "message",
    status: "completed",
    role: "user",
    content: [{ type: "input_audio", transcript: null }],
  };
}
