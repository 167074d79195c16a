import { describe, expect, it } from "vitest";
import { type InputEvent, InputParser } from "../../src/terminal/input-parser.js";

/** Events of some input, as short strings. */
function read(...chunks: (string | Uint8Array)[]): string[] {
  const events: string[] = [];
  const parser = new InputParser((event) => events.push(short(event)));
  for (const chunk of chunks) parser.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  if (parser.isUnfinished) parser.flush();
  return events;
}

function short(event: InputEvent): string {
  if (event.type === "mouse") return `${event.action} ${event.row}:${event.column}`;
  return event.type === "key" ? `<${event.name}>` : `${event.type} ${JSON.stringify(event.text)}`;
}

describe("keys", () => {
  it.each([
    ["\x1bOP", "<f1>"],
    ["\x1b[11~", "<f1>"],
    ["\x1b[[A", "<f1>"],
    ["\x1bOR", "<f3>"],
    ["\x1b[13~", "<f3>"],
    ["\x01", "<ctrl+a>"],
    ["\x03", "<ctrl+c>"],
    ["\x11", "<ctrl+q>"],
    ["\x1a", "<ctrl+z>"],
    ["\x7f", "<backspace>"],
    ["\r", "<enter>"],
    ["\x1b[A", "<up>"],
    ["\x1bOB", "<down>"],
    ["\x1b[1;5C", "<ctrl+right>"],
    ["\x1bOc", "<ctrl+right>"],
    ["\x1b[1;2D", "<shift+left>"],
    ["\x1b[1;6D", "<ctrl+shift+left>"],
    ["\x1b[3~", "<delete>"],
    ["\x1b[5~", "<pageup>"],
    ["\x1b[6~", "<pagedown>"],
    ["\x1b[H", "<home>"],
    ["\x1b[4~", "<end>"],
    ["\x1bb", "<alt+b>"],
    ["\x1b\x7f", "<alt+backspace>"],
    ["\x1b", "<escape>"],
  ])("%j is %s", (input, name) => {
    expect(read(input)).toEqual([name]);
  });

  it("is the same however it is cut", () => {
    const input = Buffer.from("я\x1b[1;5Cю\x1bOPж");
    for (let at = 1; at < input.length; at++) {
      expect(read(input.subarray(0, at), input.subarray(at)).join(" "), `cut at ${at}`).toBe(
        'text "я" <ctrl+right> text "ю" <f1> text "ж"',
      );
    }
  });

  it("that are unknown, and answers of the terminal, are passed over", () => {
    expect(read("a\x1b[24~\x1b[?62;4c\x1b]11;rgb:0000/0000/0000\x07b")).toEqual(['text "a"', 'text "b"']);
  });
});

describe("pasted text", () => {
  it("is one event, with its control characters, however long it takes", () => {
    expect(read("x\x1b[200~one\r", "two\x1b[A\n\x03", "\x1b[20", "1~y")).toEqual([
      'text "x"',
      'paste "one\\ntwo\\u001b[A\\n\\u0003"',
      'text "y"',
    ]);
  });
});

describe("the mouse", () => {
  it("presses, drags, lets go and turns its wheel, counted from 0", () => {
    expect(read("\x1b[<0;5;2M\x1b[<32;9;3M\x1b[<0;9;3m\x1b[<64;1;1M\x1b[<65;1;1M")).toEqual([
      "press 1:4",
      "drag 2:8",
      "release 2:8",
      "wheel-up 0:0",
      "wheel-down 0:0",
    ]);
  });

  it("has other buttons, which are the terminal's", () => {
    expect(read("\x1b[<2;5;2M\x1b[<2;5;2m\x1b[<1;5;2M")).toEqual([]);
  });
});
