import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recording } from "../support/recordings.js";
import { type Partial, type Streamed, stream } from "../support/stream-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

let target: TestServer;
let live: Streamed;

beforeAll(async () => {
  target = await createTestServer();
  live = await stream(target.url, recording("ru_01"), { language: "ru", pace: 1, words: true });
}, 60_000);

afterAll(() => target?.server.close());

function byUtterance(partials: Partial[]): Partial[][] {
  const numbers = [...new Set(partials.map(({ utterance }) => utterance))];
  return numbers.map((number) => partials.filter(({ utterance }) => utterance === number));
}

describe("live text at the pace of speech", () => {
  it("begins before the utterance ends", () => {
    expect(live.partials.length).toBeGreaterThan(1);
    expect(live.partials.some(({ committed, tentative }) => committed + tentative !== "")).toBe(true);
  });

  it("never changes what is committed", () => {
    for (const partials of byUtterance(live.partials)) {
      for (const [i, partial] of partials.slice(1).entries()) {
        expect(partial.committed.startsWith(partials[i]!.committed)).toBe(true);
        expect(partial.revision).toBeGreaterThan(partials[i]!.revision);
      }
    }
  });

  it("commits no end of a sentence before a word has followed it", () => {
    const committed = live.partials.map((partial) => partial.committed).filter((text) => text !== "");
    expect(committed.length).toBeGreaterThan(1);
    expect(committed.filter((text) => /[.!?…]$/.test(text))).toEqual([]);
  });

  it("ends in the same finals as the same audio sent at once", async () => {
    const fast = await stream(target.url, recording("ru_01"), { language: "ru", pace: 0, words: true });
    expect(live.finals).toEqual(fast.finals.map((final) => ({ ...final })));
    expect(live.text).toBe("Похоже, новая версия перенесена на другую машину.");
  });

  it("carries the words of a final with times in order and probabilities", () => {
    const { words = [], startMs, endMs } = live.finals[0]!;
    expect(words.map(({ text }) => text).join(" ")).toMatch(/^похоже, новая версия перенесена на другую машину\.?$/i);
    let last = 0;
    for (const word of words) {
      expect(word.startMs).toBeGreaterThanOrEqual(last);
      expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
      expect(word.confidence).toBeGreaterThan(0);
      expect(word.confidence).toBeLessThanOrEqual(1);
      last = word.startMs;
    }
    expect(words[0]!.startMs).toBeGreaterThan(startMs - 1000);
    expect(words.at(-1)!.endMs).toBeLessThan(endMs + 500);
  });

  it("shows nothing that may be rewritten to a client that asked for committed text only", async () => {
    const { partials, finals } = await stream(target.url, recording("en_11"), {
      language: "en",
      pace: 1,
      partials: "committed",
    });
    expect(finals).toHaveLength(1);
    expect(partials.filter(({ tentative }) => tentative !== "")).toEqual([]);
  });

  it("is left out for a client that does not want it", async () => {
    const { partials, finals } = await stream(target.url, recording("en_01"), { language: "en", partials: false });
    expect(partials).toEqual([]);
    expect(finals).toHaveLength(1);
  });
});
