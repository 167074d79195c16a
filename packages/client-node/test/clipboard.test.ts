import { FakeClock } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { type CopyOutcome, osc52, terminalClipboard } from "../src/terminal/clipboard.js";
import { GrowingCopy } from "../src/terminal/growing-copy.js";

/** What GNU screen passes on to its terminal of control strings, and how long the longest was. */
function throughScreen(sent: string): { passed: string; longest: number } {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control strings are what this reads
  const strings = sent.match(/\x1bP[\s\S]*?\x1b\\/g) ?? [];
  expect(strings.join("")).toBe(sent);
  return {
    passed: strings.map((each) => each.slice(2, -2)).join(""),
    longest: Math.max(...strings.map((each) => each.length)),
  };
}

describe("OSC 52 in GNU screen", () => {
  it.each([1, 500, 564, 565, 768, 10_000, 700_000])("carries %i letters in pieces that screen takes", (length) => {
    const text = "я".repeat(length);
    const { passed, longest } = throughScreen(osc52(text, { STY: "1.pts" }));
    expect(passed).toBe(osc52(text, {}));
    expect(longest).toBeLessThanOrEqual(768);
  });
});

describe("a copy", () => {
  const copy = (text: string, write: ((text: string) => void) | undefined) =>
    terminalClipboard(write, { SSH_CONNECTION: "x" }).copy(text);

  it("says what became of it", async () => {
    const sent: string[] = [];
    expect(await copy("a", (text) => sent.push(text))).toBe("copied");
    expect(await copy("a", undefined)).toBe("nowhere");
    expect(await copy("a".repeat(1_000_001), (text) => sent.push(text))).toBe("too long");
    expect(sent).toHaveLength(1);
  });
});

describe("a text that grows in the clipboard", () => {
  function growing(outcome: CopyOutcome = "copied") {
    const clock = new FakeClock();
    const copies: string[] = [];
    const failures: string[] = [];
    const state = { text: "" };
    const clipboard = {
      copy: async (text: string) => {
        copies.push(text);
        return outcome;
      },
    };
    const copy = new GrowingCopy(clipboard, clock, {
      text: () => state.text,
      onFailed: (failed) => failures.push(failed),
    });
    const say = (sentence: string) => {
      state.text += sentence;
      copy.textChanged();
    };
    return { clock, copies, failures, copy, say, state };
  }

  it("is sent with each sentence while it is short, at intervals when it is long, and whole at the end", async () => {
    const { clock, copies, copy, say, state } = growing();
    say("One.");
    say("Two.");
    await clock.advanceAsync(0);
    expect(copies).toEqual(["One.", "One.Two."]);
    await clock.advanceAsync(5000);
    say("x".repeat(1000));
    for (let i = 0; i < 10; i++) {
      say(`${i}`);
      await clock.advanceAsync(100);
    }
    expect(copies).toHaveLength(3);
    await clock.advanceAsync(5000);
    expect(copies).toHaveLength(4);
    expect(copies.at(-1)).toBe(state.text);
    say("End.");
    await copy.end();
    expect(copies).toHaveLength(5);
    expect(copies.at(-1)).toBe(state.text);
  });

  it.each(["too long", "nowhere"] as const)("says once that it is %s", async (outcome) => {
    const { copy, failures, say } = growing(outcome);
    say("One.");
    say("Two.");
    await copy.end();
    expect(failures).toEqual([outcome]);
  });
});
