import { describe, expect, it, vi } from "vitest";
import type { ServerMessageOf } from "../../src/protocol/messages.js";
import { createTranscriptStore } from "../../src/transcript/store.js";

const partial = (
  utterance: number,
  revision: number,
  committed: string,
  tentative: string,
): ServerMessageOf<"partial"> => ({
  type: "partial",
  utterance,
  revision,
  committed,
  tentative,
  startMs: utterance * 1000,
  endMs: utterance * 1000 + 500,
  language: "en",
});

const final = (utterance: number, text: string): ServerMessageOf<"final"> => ({
  type: "final",
  utterance,
  text,
  startMs: utterance * 1000,
  endMs: utterance * 1000 + 900,
  finalizedSamples: 0,
  language: "en",
  confidence: 0.9,
});

const ready = (resumed: boolean): ServerMessageOf<"ready"> => ({
  type: "ready",
  protocol: 1,
  sessionId: "s",
  model: "m",
  realtimeModel: "r",
  device: "cpu",
  resumed,
  receivedSamples: 0,
  limits: { maxFrameBytes: 1, maxBufferedMs: 1 },
});

describe("a transcript", () => {
  it("shows partials as they grow and the final in their place", () => {
    const store = createTranscriptStore();
    store.dispatch(partial(0, 1, "", "hello"));
    store.dispatch(partial(0, 2, "Hello", "word"));
    expect(store.getSnapshot()).toMatchObject({ text: "Hello word", committedText: "Hello", interimText: "word" });
    store.dispatch(final(0, "Hello world."));
    store.dispatch(partial(1, 1, "", "next"));
    expect(store.getSnapshot()).toMatchObject({
      text: "Hello world. next",
      committedText: "Hello world.",
      interimText: "next",
    });
    expect(store.getSnapshot().segments.map(({ id, state, text }) => [id, state, text])).toEqual([
      ["0:0", "final", "Hello world."],
      ["0:1", "partial", "next"],
    ]);
  });

  it("ignores stale revisions, and partials after the final", () => {
    const store = createTranscriptStore();
    store.dispatch(partial(0, 5, "", "five"));
    store.dispatch(partial(0, 4, "", "four"));
    store.dispatch(partial(0, 5, "", "again"));
    expect(store.getSnapshot().text).toBe("five");
    store.dispatch(final(0, "Final."));
    store.dispatch(partial(0, 6, "", "late"));
    expect(store.getSnapshot().text).toBe("Final.");
  });

  it("keeps the order of speech when a final is late", () => {
    const store = createTranscriptStore();
    store.dispatch(partial(1, 1, "", "second"));
    store.dispatch(final(2, "Third."));
    store.dispatch(final(0, "First."));
    expect(store.getSnapshot().text).toBe("First. second Third.");
    store.dispatch(final(1, "Second."));
    expect(store.getSnapshot().text).toBe("First. Second. Third.");
  });

  it("is the same object until something changes, and shares unchanged segments", () => {
    const store = createTranscriptStore();
    const listener = vi.fn();
    store.subscribe(listener);
    store.dispatch(final(0, "One."));
    const before = store.getSnapshot();
    store.dispatch(final(0, "One."));
    store.dispatch({ type: "pong", id: 1 });
    store.dispatch(ready(true));
    expect(store.getSnapshot()).toBe(before);
    expect(listener).toHaveBeenCalledTimes(1);
    store.dispatch(final(1, "Two."));
    expect(store.getSnapshot()).not.toBe(before);
    expect(store.getSnapshot().segments[0]).toBe(before.segments[0]);
    expect(before.text).toBe("One.");
  });

  it("removes an utterance whose final holds nothing", () => {
    const store = createTranscriptStore();
    store.dispatch(partial(0, 1, "", "thank you for watching"));
    store.dispatch(final(0, " "));
    store.dispatch(partial(0, 2, "", "thank you"));
    expect(store.getSnapshot()).toMatchObject({ text: "", segments: [] });
  });

  it("keeps an earlier session's text when a new one counts from 0 again", () => {
    const store = createTranscriptStore();
    store.dispatch(ready(false));
    store.dispatch(final(0, "Old."));
    store.dispatch(partial(1, 3, "left", "open"));
    store.dispatch(ready(false));
    store.dispatch(partial(0, 1, "", "new"));
    expect(store.getSnapshot()).toMatchObject({
      text: "Old. left open new",
      committedText: "Old. left open",
      interimText: "new",
    });
    expect(new Set(store.getSnapshot().segments.map((segment) => segment.id)).size).toBe(3);
  });

  it("clear empties it for good: late messages do not bring text back", () => {
    const store = createTranscriptStore();
    store.dispatch(final(0, "One."));
    store.dispatch(partial(1, 1, "", "two"));
    store.clear();
    expect(store.getSnapshot()).toMatchObject({ text: "", committedText: "", interimText: "", segments: [] });
    store.dispatch(final(1, "Two."));
    expect(store.getSnapshot().text).toBe("");
    store.dispatch(final(2, "Three."));
    expect(store.getSnapshot().text).toBe("Three.");
  });

  it("undo takes the latest utterance away, one at a time", () => {
    const store = createTranscriptStore();
    store.dispatch(final(0, "One."));
    store.dispatch(final(1, "Two."));
    store.dispatch(partial(2, 1, "", "three"));
    expect(store.undo()?.text).toBe("three");
    store.dispatch(final(2, "Three."));
    expect(store.undo()?.text).toBe("Two.");
    expect(store.getSnapshot().text).toBe("One.");
    store.dispatch(final(3, "Four."));
    expect(store.getSnapshot().text).toBe("One. Four.");
    store.undo();
    store.undo();
    expect(store.undo()).toBeUndefined();
  });

  it("removes any one segment", () => {
    const store = createTranscriptStore();
    for (const [i, text] of ["A.", "B.", "C."].entries()) store.dispatch(final(i, text));
    store.remove("0:1");
    store.remove("nonsense");
    expect(store.getSnapshot().text).toBe("A. C.");
  });

  it("stops calling a listener that unsubscribed, also during a call", () => {
    const store = createTranscriptStore();
    const second = vi.fn();
    const stopFirst = store.subscribe(() => stopFirst());
    const stopSecond = store.subscribe(second);
    store.dispatch(final(0, "One."));
    stopSecond();
    store.dispatch(final(1, "Two."));
    expect(second).toHaveBeenCalledTimes(1);
  });

  it("does not join a long transcript anew for each partial", () => {
    const store = createTranscriptStore();
    for (let i = 0; i < 10; i++) store.dispatch(final(i, `Sentence ${i}.`));
    const long = store.getSnapshot();
    // Text that no join of the segments gives: it shows that they are not joined again.
    const marked = createTranscriptStore({ ...long, joined: { count: 10, text: "Settled." } });
    marked.dispatch(partial(10, 1, "", "open"));
    expect(marked.getSnapshot().text).toBe("Settled. open");
    marked.dispatch(final(10, "Closed."));
    expect(marked.getSnapshot().text).toBe("Settled. Closed.");
    // A change further back does join them again.
    marked.remove("0:3");
    expect(marked.getSnapshot().text).toContain("Sentence 2. Sentence 4.");
  });

  it("gives text without spaces where the language has none", () => {
    const store = createTranscriptStore();
    store.dispatch({ ...final(0, "你好。"), language: "zh" });
    store.dispatch({ ...partial(1, 1, "我们", "走吧"), language: "zh" });
    expect(store.getSnapshot().text).toBe("你好。我们走吧");
  });
});
