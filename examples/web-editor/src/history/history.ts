/** Remembers what is said, as it is said. The database is opened with the first word. */
import type { ClientEvent } from "@stt/react";
import { newId } from "../new-id.js";
import type { HistoryEntry } from "./entry.js";
import type { HistoryStore } from "./history-store.js";
import type { Tape } from "./tape.js";

type Final = Extract<ClientEvent, { type: "final" }>;

let opened: Promise<HistoryStore> | undefined;

/** @throws DOMException where the browser keeps nothing; asked again, it tries again */
export function openHistory(): Promise<HistoryStore> {
  opened ??= import("./history-store.js").then(({ HistoryStore: Store }) => Store.open());
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

/** One opening of the page, or one file. */
export class HistoryRecorder {
  readonly #session = newId();
  readonly #sessionAt = Date.now();
  readonly #file: string | undefined;

  constructor(file?: string) {
    this.#file = file;
  }

  /** @param tape what was heard, if it is to be kept, up to so many bytes */
  async take(final: Final, model: string | undefined, tape?: Tape, maxBytes = 0): Promise<void> {
    const { utterance, startMs, endMs, language, words } = final;
    const text = final.text.trim();
    if (text === "") return;
    const pcm = tape?.cut(startMs, endMs);
    const store = await openHistory();
    const entry: HistoryEntry = {
      id: `${this.#session}:${utterance}`,
      session: this.#session,
      sessionAt: this.#sessionAt,
      at: this.#file === undefined ? Date.now() - (endMs - startMs) : this.#sessionAt + startMs,
      file: this.#file,
      language,
      text,
      startMs,
      endMs,
      words,
      model,
      soundBytes: 0,
    };
    await (pcm ? store.putWithSound(entry, pcm, maxBytes) : store.put(entry));
  }
}
