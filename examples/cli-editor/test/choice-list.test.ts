import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { ChoiceList } from "../src/panels/choice-list.js";
import type { InputEvent } from "../src/terminal/input-parser.js";

const items = ["one", "two", "three", "four", "five"];
const key = (name: string): InputEvent => ({ type: "key", name });

/** What is to be seen in a panel of so many rows, the chosen line marked. */
function shown(list: ChoiceList, rows: number, lines = items): string[] {
  return list
    .render(lines, (line) => line, 10, rows)
    .map((line) => (line.startsWith("\x1b[7m") ? `> ${stripVTControlCharacters(line).trim()}` : line.trim()));
}

describe("a list of which one line is chosen", () => {
  it("stays at its ends, also for keys that come in one go", () => {
    const list = new ChoiceList();
    for (const name of ["up", "up", "down"]) list.input(key(name), items.length);
    expect(items[list.index(items.length)]).toBe("two");
    for (const name of ["pagedown", "down", "down", "down", "down", "down", "up"]) list.input(key(name), items.length);
    expect(items[list.index(items.length)]).toBe("four");
  });

  it("scrolls so that the chosen line can be seen", () => {
    const list = new ChoiceList();
    expect(shown(list, 4)).toEqual(["> one", "two"]);
    for (let i = 0; i < 3; i++) list.input(key("down"), items.length);
    expect(shown(list, 4)).toEqual(["three", "> four"]);
    list.input(key("pageup"), items.length);
    expect(shown(list, 4)).toEqual(["> two", "three"]);
  });

  it("is chosen from with the mouse, below heading and line of input", () => {
    const list = new ChoiceList();
    shown(list, 6);
    list.input({ type: "mouse", action: "press", row: 4, column: 0 }, items.length);
    expect(items[list.index(items.length)]).toBe("three");
    list.input({ type: "mouse", action: "wheel-down", row: 0, column: 0 }, items.length);
    list.input({ type: "mouse", action: "drag", row: 2, column: 0 }, items.length);
    expect(items[list.index(items.length)]).toBe("four");
  });

  it("has a chosen line when there are fewer of them", () => {
    const list = new ChoiceList();
    list.choose(4);
    expect(shown(list, 9, ["one", "two"])).toEqual(["one", "> two"]);
    expect(shown(list, 9, [])).toEqual([]);
  });
});
