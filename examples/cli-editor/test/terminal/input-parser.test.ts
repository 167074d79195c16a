import { describe, expect, it } from "vitest";
import { type InputEvent, InputParser } from "../../src/terminal/input-parser.js";

/** Events of some input, as short strings. */
function read(...chunks: (string | Uint8Array)[]): string[] {
  const events: string[] = [];
  const parser = new InputParser((event) => events.push(short(event)));
  for (const chunk of chunks) parser.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  if (parser.waitMs > 0) parser.flush();
  return events;
}

function short(event: InputEvent): string {
  if (event.type === "mouse") return `${event.action} ${event.row}:${event.column}`;
  if (event.type === "release") return `<${event.name} released>`;
  return event.type === "key"
    ? `<${event.name}${event.isRepeat ? " again" : ""}>`
    : `${event.type} ${JSON.stringify(event.text)}`;
}

describe("keys", () => {
  it.each([
    ["\x1bOP", "<f1>"],
    ["\x1b[11~", "<f1>"],
    ["\x1b[[A", "<f1>"],
    ["\x1bOR", "<f3>"],
    ["\x1b[13~", "<f3>"],
    ["\x1b[15~", "<f5>"],
    ["\x1b[1;1:2P", "<f1 again>"],
    ["\x1b[1;1:3P", "<f1 released>"],
    ["\x1b[1;5:1C", "<ctrl+right>"],
    ["\x1b[3;2:3~", "<shift+delete released>"],
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

/** Reads, and `null` for a time in which nothing comes. */
function readWithPauses(...chunks: (string | null)[]): string[] {
  const events: string[] = [];
  const parser = new InputParser((event) => events.push(short(event)));
  for (const chunk of chunks) {
    if (chunk !== null) parser.push(Buffer.from(chunk));
    else if (parser.waitMs > 0) parser.flush();
  }
  return events;
}

describe("input that does not end", () => {
  it.each<[string, (string | null)[], string[]]>([
    ["a paste without its end", ["\x1b[200~one\rtwo", null, "\x03"], ['paste "one\\ntwo"', "<ctrl+c>"]],
    ["a paste without its end, and Ctrl+C at once", ["\x1b[200~one", "\x03"], ['paste "one"', "<ctrl+c>"]],
    ["a paste without its end, and Ctrl+Q at once", ["\x1b[200~one", "\x11"], ['paste "one"', "<ctrl+q>"]],
    ["a paste with half of its end", ["\x1b[200~one\x1b[20", null, "x"], ['paste "one\\u001b[20"', 'text "x"']],
    ["an empty paste without its end", ["\x1b[200~", null, "x"], ['text "x"']],
    ["ESC [ and the rest late", ["\x1b[", "A"], ["<up>"]],
    ["ESC and the rest later than the Escape key", ["\x1b", null, "[1;5C"], ["<escape>", "<ctrl+right>"]],
    ["ESC and OP later", ["\x1b", null, "OP"], ["<escape>", "<f1>"]],
    ["Escape, and then text", ["\x1b", null, "O", "K"], ["<escape>", 'text "O"', 'text "K"']],
    ["Escape, and then a word", ["\x1b", null, "One"], ["<escape>", 'text "One"']],
    ["Escape, and text much later", ["\x1b", null, null, "[A"], ["<escape>", 'text "[A"']],
    ["a sequence without an end", ["\x1b[1;5", null, "x"], ['text "x"']],
    ["a sequence that a key breaks off", ["\x1b[1;5\x03"], ["<ctrl+c>"]],
    ["a sequence that a letter of another script breaks off", ["\x1b[1;5я"], ['text "я"']],
    ["an answer without an end", ["\x1b]11;rgb:00", null, "x"], ['text "x"']],
    ["an answer that Ctrl+C breaks off", ["\x1b]11;rgb:00", "\x03"], ["<ctrl+c>"]],
    ["an answer that a key breaks off", ["\x1bP1$r", "\x1b[A"], ["<up>"]],
    ["a paste whose end comes too late", ["\x1b[200~one", null, "\x1b[201~x"], ['paste "one"', 'text "x"']],
    ["a paste within a paste", ["\x1b[200~one\x1b[200~two\x1b[201~x"], ['paste "one\\u001b[200~two"', 'text "x"']],
    ["a mouse that breaks off", ["\x1b[<0;10", "\x03"], ["<ctrl+c>"]],
    ["Alt+P", ["\x1bP", null, "x"], ["<alt+P>", 'text "x"']],
    ["Alt+[", ["\x1b[", null, "x"], ["<alt+[>", 'text "x"']],
  ])("%s", (_, chunks, events) => {
    expect(readWithPauses(...chunks)).toEqual(events);
  });

  it("may break off within a letter: Ctrl+C still counts, and no stray letter comes", () => {
    for (const wait of [true, false]) {
      const events: string[] = [];
      const parser = new InputParser((event) => events.push(short(event)));
      parser.push(Buffer.concat([Buffer.from("\x1b[200~one"), Buffer.from("я").subarray(0, 1)]));
      if (wait) parser.flush();
      parser.push(Buffer.from("\x03"));
      expect(events).toEqual(['paste "one"', "<ctrl+c>"]);
    }
  });

  it("is read again as soon as too much of it has come", () => {
    const events = readWithPauses(`\x1b[${"1".repeat(5000)}`, "x");
    expect(events).toEqual(['text "x"']);
  });

  it("takes no memory without a bound: a long paste comes in pieces, and nothing of it is missing", () => {
    const texts: string[] = [];
    const parser = new InputParser((event) => {
      if (event.type === "paste") texts.push(event.text);
    });
    parser.push(Buffer.from("\x1b[200~"));
    for (let i = 0; i < 50; i++) parser.push(Buffer.alloc(65_536, 97));
    expect(texts.length).toBeGreaterThan(2);
    parser.push(Buffer.from("\x1b[20"));
    parser.push(Buffer.from("1~"));
    expect(texts.join("")).toHaveLength(50 * 65_536);
  });

  it("is not waited for longer because keys are pressed meanwhile", () => {
    const parser = new InputParser(() => {});
    parser.push(Buffer.from("\x1b]11;"));
    const { waitId } = parser;
    parser.push(Buffer.from("a"));
    expect(parser.waitId).toBe(waitId);
    parser.flush();
    parser.push(Buffer.from("\x1b[200~a"));
    const pasting = parser.waitId;
    parser.push(Buffer.from("b"));
    expect(parser.waitId).not.toBe(pasting);
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
