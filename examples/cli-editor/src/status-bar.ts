import path from "node:path";
import type { ClientSnapshot } from "@stt/client-node";
import { statusLine } from "@stt/client-node/cli";
import { type Locale, millisecondsText, type StateKey } from "@stt/core";
import type { EditorOptions } from "./options.js";
import { type Texts, textsOf } from "./texts.js";

const NOTICE_MS = 4000;

/** What it needs to know at the moment of drawing. */
export interface StatusFacts {
  state: StateKey;
  snapshot: ClientSnapshot;
  level: string;
  /** There is text that the named file has not. */
  isChanged: boolean;
}

/** What stands in the status line, and for how long. */
export class StatusBar {
  readonly #texts: Texts;
  #text = "";
  /** What comes back when a notice has gone: an offer or a problem. */
  #standing = "";
  #timer: NodeJS.Timeout | undefined;
  readonly #options: EditorOptions;
  readonly #locale: Locale;
  readonly #onChange: () => void;

  constructor(options: EditorOptions, locale: Locale, onChange: () => void) {
    this.#options = options;
    this.#locale = locale;
    this.#onChange = onChange;
    this.#texts = textsOf(locale);
  }

  /** Says something for a few seconds. */
  notice(sentence: string): void {
    clearTimeout(this.#timer);
    this.#text = sentence;
    this.#timer = setTimeout(() => {
      this.#text = "";
      this.#onChange();
    }, NOTICE_MS);
    this.#timer.unref();
    this.#onChange();
  }

  /** Says something until it is cleared. */
  problem(sentence: string): void {
    this.#standing = sentence;
    this.#onChange();
  }

  dropped(ms: number): void {
    this.notice(this.#texts.dropped.replace("{seconds}", (ms / 1000).toFixed(1)));
  }

  offerDraft(savedAt: Date): void {
    const isToday = savedAt.toDateString() === new Date().toDateString();
    const when = isToday
      ? savedAt.toLocaleTimeString(this.#locale, { hour: "2-digit", minute: "2-digit", hour12: false })
      : savedAt.toLocaleDateString(this.#locale, { dateStyle: "medium" });
    this.problem(this.#texts.draftOffer.replace("{when}", when));
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#text = "";
    this.#standing = "";
    this.#onChange();
  }

  render(columns: number, facts: StatusFacts): string {
    const { state, snapshot, level } = facts;
    const seconds = Math.ceil((snapshot.reconnect?.nextDelayMs ?? 0) / 1000);
    const notice = this.#text || this.#standing || this.#waiting(snapshot);
    return statusLine({ state, seconds, level, notice, details: this.#details(facts) }, this.#locale, columns);
  }

  #details({ state, snapshot, isChanged }: StatusFacts): string[] {
    const texts = this.#texts;
    const options = this.#options;
    const { latencyMs, server } = snapshot;
    const file = options.file === undefined ? "" : `${path.basename(options.file)}${isChanged ? " *" : ""}`;
    const hints = state === "idle" ? [texts.hint, texts.hintMore, texts.hintHelp, texts.hintQuit] : [];
    const latency = latencyMs === null ? "" : millisecondsText(latencyMs, this.#locale);
    return [...hints, server?.model ?? "", latency, new URL(options.url).host, file];
  }

  /** The truth about a server that does not answer. */
  #waiting({ reconnect, status }: ClientSnapshot): string {
    if (!reconnect || (status !== "connecting" && status !== "reconnecting") || reconnect.code === "capacity")
      return "";
    return this.#texts.noAnswer.replace("{server}", new URL(this.#options.url).host);
  }
}
