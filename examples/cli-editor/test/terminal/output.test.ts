import { osc52, type Status, statusLine } from "@stt/client-node/cli";
import { describe, expect, it } from "vitest";
import { Painter } from "../../src/terminal/painter.js";

// biome-ignore lint/suspicious/noControlCharactersInRegex: styles are taken off
const STYLES = /\x1b\[\d+m/g;

describe("the painter", () => {
  it("sends only lines that have changed, and nothing when none has", () => {
    let sent = "";
    const painter = new Painter((text) => {
      sent = text;
    });
    painter.paint(["one", "two", ""], { row: 0, column: 3 });
    sent = "";
    painter.paint(["one", "2", ""], { row: 0, column: 3 });
    expect(sent).toContain("\x1b[2;1H\x1b[K2");
    expect(sent).not.toContain("one");
    sent = "";
    painter.paint(["one", "2", ""], { row: 0, column: 3 });
    expect(sent).toBe("");
  });
});

describe("the status line", () => {
  const status: Status = {
    state: "listening",
    seconds: 0,
    level: "▁▂▃",
    notice: "",
    details: ["micro", "12 ms", "localhost:8012"],
  };
  const plain = (columns: number, changes: Partial<Status> = {}, locale: "en" | "ru" = "en") =>
    statusLine({ ...status, ...changes }, locale, columns).replace(STYLES, "");

  it("gives up its details from the end, and all of them at 20 columns", () => {
    expect(plain(80)).toBe("● Listening  ▁▂▃  micro  12 ms  localhost:8012");
    expect(plain(40)).toBe("● Listening  ▁▂▃  micro  12 ms");
    expect(plain(21)).toBe("● Listening  ▁▂▃");
    expect(plain(20)).toBe("● Listening");
    expect(plain(6)).toBe("● Lis…");
  });

  it("says in a narrow terminal what matters of a long state", () => {
    expect(plain(20, { state: "reconnecting" })).toBe("↻ Reconnecting");
    expect(plain(20, { state: "reconnecting" }, "ru")).toBe("↻ Переподключение");
    expect(plain(20, { state: "server_full", seconds: 4 })).toBe("↻ Server full");
  });

  it("has room for a sentence", () => {
    expect(plain(80, { notice: "Copied" })).toBe("● Listening  ▁▂▃  Copied");
    expect(plain(40, { notice: "no answer from localhost" })).toBe("● Listening  ▁▂▃  no answer from localh…");
    expect(plain(24, { notice: "Copied, 12 characters" })).toBe("● Listening  Copied, 12…");
  });
});

describe("the clipboard", () => {
  it("is asked by OSC 52, through tmux in both ways that it may allow", () => {
    expect(osc52("да", {})).toBe("\x1b]52;c;0LTQsA==\x07");
    expect(osc52("a", { TMUX: "x" })).toBe("\x1b]52;c;YQ==\x07\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\");
  });
});
