import { cut } from "@stt/client-node/cli";
import type { InputEvent } from "../terminal/input-parser.js";
import { chosen } from "./panel.js";

/** Rows of a panel above its list: the heading, and the line that is typed. */
const ROWS_ABOVE = 2;

/** Lines of which one is chosen, by keys and mouse; they scroll so that it can be seen. */
export class ChoiceList {
  #index = 0;
  #top = 0;
  #page = 1;

  /** The number of the line that is chosen, from 0; 0 where there is none. @param length how many lines there are */
  index(length: number): number {
    this.#index = Math.max(0, Math.min(this.#index, length - 1));
    return this.#index;
  }

  choose(index: number): void {
    this.#index = index;
  }

  /** Moves for an event that asks for it. Several may come before the next picture, so that each looks where the list ends. */
  input(event: InputEvent, length: number): void {
    if (event.type === "mouse" && event.action === "press") {
      if (event.row >= ROWS_ABOVE) this.#index = this.#top + event.row - ROWS_ABOVE;
    } else this.#index += this.#step(event.type === "key" ? event.name : event.type === "mouse" ? event.action : "");
    this.index(length);
  }

  /** @param rows those of the whole panel */
  render<T>(items: readonly T[], lineOf: (item: T) => string, columns: number, rows: number): string[] {
    this.#page = Math.max(1, rows - ROWS_ABOVE);
    const index = this.index(items.length);
    if (index < this.#top) this.#top = index;
    if (index >= this.#top + this.#page) this.#top = index - this.#page + 1;
    return items
      .slice(this.#top, this.#top + this.#page)
      .map((item, i) => (this.#top + i === index ? chosen(lineOf(item), columns) : cut(lineOf(item), columns)));
  }

  #step(name: string): number {
    if (name === "up" || name === "wheel-up") return -1;
    if (name === "down" || name === "wheel-down") return 1;
    return name === "pageup" ? -this.#page : name === "pagedown" ? this.#page : 0;
  }
}
