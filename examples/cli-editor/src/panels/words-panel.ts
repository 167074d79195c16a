import { cut } from "@stt/client-node/cli";
import { graphemesOf } from "@stt/core/document";
import type { InputEvent } from "../terminal/input-parser.js";
import type { Texts } from "../texts.js";
import type { Entry, Refusal } from "../words/personal-words.js";
import { ChoiceList } from "./choice-list.js";
import { heading, type Panel } from "./panel.js";

/** What the panel does with the lists. */
export interface WordActions {
  entries(): readonly Entry[];
  /** @returns why it was not taken, at once unless the server has to be asked @throws errors of the system */
  add(line: string, instead: Entry | undefined): Refusal | undefined | Promise<Refusal | undefined>;
  remove(entry: Entry): void;
  /** What is shown may be different now. */
  onChange(): void;
}

/** This user's words and replacements: a line that is typed is added, one that is chosen is changed or deleted. */
export class WordsPanel implements Panel {
  #typed = "";
  #problem = "";
  #changed: Entry | undefined;
  /** The server is asked about a pattern: what is typed meanwhile is not taken. */
  #isAsking = false;
  readonly #list = new ChoiceList();
  readonly #texts: Texts;
  readonly #actions: WordActions;

  constructor(texts: Texts, actions: WordActions) {
    this.#texts = texts;
    this.#actions = actions;
  }

  render(columns: number, rows: number): string[] {
    const entries = this.#actions.entries();
    const lineOf = ({ line, fault }: Entry) =>
      fault === undefined ? ` ${line}` : ` ${line}  ${this.#texts.badPattern.replace("{reason}", fault)}`;
    const lines = this.#list.render(entries, lineOf, columns, rows);
    const { wordsTitle, wordsAdd, wordsEmpty } = this.#texts;
    const typed = this.#typed === "" ? wordsAdd : `> ${this.#typed}`;
    return [
      heading(wordsTitle, columns),
      cut(this.#problem === "" ? typed : `${typed}  ${this.#problem}`, columns),
      ...(lines.length > 0 ? lines : [cut(wordsEmpty, columns)]),
    ];
  }

  input(event: InputEvent): boolean {
    if (this.#isAsking) return true;
    if (event.type === "text" || event.type === "paste") {
      this.#typed += event.text.replace(/\s+/g, " ");
      this.#problem = "";
    }
    this.#list.input(event, this.#actions.entries().length);
    return event.type !== "key" || this.#key(event.name);
  }

  #key(name: string): boolean {
    const entries = this.#actions.entries();
    const entry = entries[this.#list.index(entries.length)];
    this.#problem = "";
    switch (name) {
      case "escape":
        // What was begun is given up first.
        if (this.#typed === "") return false;
        this.#typed = "";
        this.#changed = undefined;
        return true;
      case "f6":
        return false;
      case "enter":
        if (this.#typed.trim() !== "") void this.#add();
        else if (entry) {
          this.#changed = entry;
          this.#typed = entry.line;
        }
        return true;
      case "backspace":
        this.#typed = graphemesOf(this.#typed).slice(0, -1).join("");
        return true;
      case "delete":
        if (entry) this.#attempt(() => this.#actions.remove(entry));
        return true;
      default:
        return true;
    }
  }

  async #add(): Promise<void> {
    const line = this.#typed.trim();
    try {
      const answer = this.#actions.add(line, this.#changed);
      this.#isAsking = answer instanceof Promise;
      const refusal = answer instanceof Promise ? await answer : answer;
      this.#problem = refusal ? this.#sentence(refusal) : "";
      if (!refusal) {
        this.#typed = "";
        this.#changed = undefined;
        this.#list.choose(this.#actions.entries().findIndex((entry) => entry.line === line));
      }
    } catch (error) {
      this.#failed(error);
    }
    this.#isAsking = false;
    this.#actions.onChange();
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.#problem = this.#texts.wordsNotKept.replace(
      "{reason}",
      error instanceof Error ? error.message : String(error),
    );
  }

  #sentence(refusal: Refusal): string {
    const { lineNotUnderstood, tooManyWords, badPattern } = this.#texts;
    if (refusal === "not-understood") return lineNotUnderstood;
    return refusal === "too-many" ? tooManyWords : badPattern.replace("{reason}", refusal.fault);
  }
}
