import type { ClientEvent, ClientSnapshot } from "@stt/core";
import { describe, expect, it } from "vitest";
import type { CliContext } from "../src/cli/context.js";
import { textsOf } from "../src/cli/texts.js";
import { createRenderer } from "../src/render/renderer.js";
import { rowsOf, tailOf } from "../src/render/text-width.js";
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
    expect(rowsOf("", 10)).toBe(0);
    expect(rowsOf("0123456789", 10)).toBe(1);
    expect(rowsOf("01234567890", 10)).toBe(2);
    expect(rowsOf("音声認識", 8)).toBe(1);
    expect(rowsOf("音声認識", 7)).toBe(2);
    expect(rowsOf("e\u0301".repeat(10), 10)).toBe(1);
  });

  it("keeps the end of long text", () => {
    expect(tailOf("short", 10)).toBe("short");
    expect(tailOf("0123456789", 5)).toBe("…6789");
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
  const renderer = createRenderer(context, {});
  let segments: ClientSnapshot["segments"] = [];
  const snapshot = () =>
    ({
      status,
      isSpeaking: false,
      reconnect: null,
      latencyMs: 12,
      server: { model: "micro" },
      segments,
    }) as unknown as ClientSnapshot;
  const source = { labelled: false, getSnapshot: snapshot };
  return {
    screen,
    renderer,
    show(text: { committed: string; tentative: string }) {
      segments = [{ ...text, state: "partial" }] as unknown as ClientSnapshot["segments"];
      renderer.event(source, { type: "latency", latencyMs: 12 });
    },
    final(text: string) {
      segments = [];
      renderer.event(source, { type: "final", utterance: 0, text } as ClientEvent);
    },
  };
}
