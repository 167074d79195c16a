import type { ClientEvent, ClientSnapshot } from "@stt/core";
import { describe, expect, it } from "vitest";
import type { CliContext } from "../src/cli/context.js";
import { textsOf } from "../src/cli/texts.js";
import { LiveRenderer } from "../src/render/live-renderer.js";
import { cut, widthOf } from "../src/terminal/width.js";
import { Screen } from "./support/screen.js";

describe("the live view", () => {
  it("shows committed text bright, tentative text dim, and one status line", () => {
    const { screen, show } = view(40);
    show({ committed: "What is on", tentative: "my calendar" });
    expect(screen.lines()).toEqual(["What is on my calendar", "● Listening  micro  12 ms"]);
    expect(screen.raw).toContain("What is on \x1b[2mmy calendar\x1b[0m");
  });

  it("leaves finals behind as plain lines and nothing else", () => {
    const { screen, show, final, renderer } = view(40);
    show({ committed: "What is", tentative: "on my calendar at two fifteen and on it goes" });
    final("What is on my calendar at two fifteen?");
    show({ committed: "", tentative: "And" });
    expect(screen.lines().slice(0, 2)).toEqual(["What is on my calendar at two fifteen?", "And"]);
    renderer.end();
    expect(screen.lines()).toEqual(["What is on my calendar at two fifteen?"]);
  });

  it("erases wrapped text completely", () => {
    const { screen, show, renderer } = view(20);
    show({ committed: "Слово ".repeat(10).trim(), tentative: "и ещё одно" });
    expect(screen.lines().length).toBeGreaterThan(3);
    renderer.end();
    expect(screen.lines()).toEqual([]);
  });

  it("keeps the status short where there is no room", () => {
    const { screen, show } = view(20, "reconnecting");
    show({ committed: "", tentative: "" });
    expect(screen.lines()).toEqual(["↻ Reconnecting"]);
  });

  it("sends only the row that changed", () => {
    const { screen, show } = view(24);
    show({ committed: "What is on my calendar", tentative: "at two" });
    const before = screen.raw.length;
    show({ committed: "What is on my calendar", tentative: "at two fifteen" });
    const sent = screen.raw.slice(before);
    expect(sent).toContain("fifteen");
    expect(sent).not.toContain("What is");
    expect(sent).not.toContain("Listening");
    expect(screen.lines()).toEqual(
      ["What is on my calendar ", "at two fifteen", "● Listening  micro"].map((l) => l.trimEnd()),
    );
  });

  it("shrinks without leaving rows behind", () => {
    const { screen, show } = view(24);
    show({ committed: "What is on my calendar", tentative: "at two fifteen" });
    show({ committed: "", tentative: "No" });
    expect(screen.lines()).toEqual(["No", "● Listening  micro"]);
  });

  it("never lets a server's text command the terminal", () => {
    const { screen, show } = view(60);
    show({ committed: "a\x1b]0;title\x07b", tentative: "c\x9bJ" });
    expect(screen.raw).not.toContain("\x1b]0");
    expect(screen.raw).not.toContain("\x9b");
  });

  it("draws nothing when nothing changed", () => {
    const { screen, show } = view(40);
    show({ committed: "Same", tentative: "text" });
    const drawn = screen.raw;
    show({ committed: "Same", tentative: "text" });
    expect(screen.raw).toBe(drawn);
  });
});

describe("text width", () => {
  it("counts wide and combining characters as terminals do", () => {
    expect(widthOf("")).toBe(0);
    expect(widthOf("音声認識")).toBe(8);
    expect(widthOf("e\u0301".repeat(10))).toBe(10);
    expect(widthOf("👩‍👩‍👧")).toBe(2);
  });

  it("keeps the beginning of a text that has to be cut", () => {
    expect(cut("short", 10)).toBe("short");
    expect(cut("0123456789", 5)).toBe("0123…");
    expect(cut("音声認識", 6)).toBe("音声…");
  });
});

function view(columns: number, status: ClientSnapshot["status"] = "listening") {
  const screen = new Screen(columns);
  const output = { write: (text: string) => screen.write(text), isTTY: true, columns, rows: 24 };
  const context: CliContext = {
    stdout: output,
    stderr: output,
    env: {},
    dotenv: {},
    locale: "en",
    texts: textsOf("en"),
    interrupted: new AbortController().signal,
  };
  const renderer = new LiveRenderer(context, output);
  let segments: ClientSnapshot["segments"] = [];
  const snapshot = () =>
    ({
      status,
      isSpeaking: false,
      reconnect: null,
      latencyMs: 12,
      server: { model: "micro", url: "ws://localhost:8012/v1/stream" },
      segments,
    }) as unknown as ClientSnapshot;
  const source = { labelled: false, getSnapshot: snapshot, finalText: ({ text }: { text: string }) => `${text}\n` };
  return {
    screen,
    renderer,
    show(text: { committed: string; tentative: string }) {
      const whole = [text.committed, text.tentative].filter((part) => part !== "").join(" ");
      segments = [{ ...text, text: whole, state: "partial" }] as unknown as ClientSnapshot["segments"];
      renderer.event(source, { type: "latency", latencyMs: 12 });
    },
    final(text: string) {
      segments = [];
      renderer.event(source, { type: "final", utterance: 0, text } as ClientEvent);
    },
  };
}
