import { cut } from "@stt/client-node/cli";
import type { Locale } from "@stt/core";
import { graphemesOf } from "@stt/core/document";
import type { HistoryEntry } from "../history/history.js";
import type { InputEvent } from "../terminal/input-parser.js";
import type { Texts } from "../texts.js";
import { ChoiceList } from "./choice-list.js";
import { heading, type Panel } from "./panel.js";

/** What becomes of an utterance that is chosen. */
export interface HistoryActions {
  insert(text: string): void;
  copy(text: string): void;
}

/** Utterances of this session and those before, to be searched, written once more or copied. */
export class HistoryPanel implements Panel {
  #search = "";
  readonly #list = new ChoiceList();
  readonly #entries: readonly HistoryEntry[];
  readonly #texts: Texts;
  readonly #when: Intl.DateTimeFormat;
  readonly #actions: HistoryActions;

  /** @param entries the latest first */
  constructor(entries: readonly HistoryEntry[], texts: Texts, locale: Locale, actions: HistoryActions) {
    this.#entries = entries;
    this.#texts = texts;
    this.#actions = actions;
    this.#when = new Intl.DateTimeFormat(locale, {
      day: "2-digit",
      month: "short",
      hour: "2-digit",
      minute: "2-digit",
      hour12: false,
    });
  }

  render(columns: number, rows: number): string[] {
    const found = this.#found();
    const lineOf = ({ at, text }: HistoryEntry) => ` ${this.#when.format(at)}  ${text.replace(/\s+/g, " ")}`;
    const lines = this.#list.render(found, lineOf, columns, rows);
    const { historyTitle, historySearch, historyEmpty, historyNotFound } = this.#texts;
    const hint = this.#search === "" ? historySearch : `/ ${this.#search}`;
    const nothing = this.#entries.length === 0 ? historyEmpty : historyNotFound;
    return [
      heading(historyTitle, columns),
      cut(hint, columns),
      ...(lines.length > 0 ? lines : [cut(nothing, columns)]),
    ];
  }

  input(event: InputEvent): boolean {
    if (event.type === "text" || event.type === "paste") this.#search += event.text.replace(/\s+/g, " ");
    this.#list.input(event, this.#found().length);
    return event.type !== "key" || this.#key(event.name);
  }

  #key(name: string): boolean {
    const found = this.#found();
    const entry = found[this.#list.index(found.length)];
    switch (name) {
      case "escape":
      case "f5":
        return false;
      case "enter":
        if (entry) this.#actions.insert(entry.text);
        return !entry;
      case "ctrl+c":
        if (entry) this.#actions.copy(entry.text);
        return entry !== undefined;
      case "backspace":
        this.#search = graphemesOf(this.#search).slice(0, -1).join("");
        return true;
      default:
        return true;
    }
  }

  #found(): readonly HistoryEntry[] {
    const wanted = this.#search.trim().toLowerCase();
    return wanted === "" ? this.#entries : this.#entries.filter(({ text }) => text.toLowerCase().includes(wanted));
  }
}
