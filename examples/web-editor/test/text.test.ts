/** The parts of the page that need no browser. */
import { describe, expect, it } from "vitest";
import { Editor } from "../src/editor.js";
import { fileName } from "../src/export-file.js";
import { sessionsOf } from "../src/history/entry.js";
import { Tape } from "../src/history/tape.js";
import { mayBeTalkKey } from "../src/recording/talk-key.js";
import { clockTime } from "../src/recording/use-elapsed.js";
import { obey } from "../src/spoken-commands.js";
import { countWords } from "../src/text/count-words.js";
import { findAll } from "../src/text/find.js";
import { piecesOf } from "../src/text/pieces.js";
import { en } from "../src/texts/en.js";
import { panelsEn } from "../src/texts/panels.en.js";
import { panelsRu } from "../src/texts/panels.ru.js";
import { ru } from "../src/texts/ru.js";
import { readWords, writeWords } from "../src/words/words-file.js";

function final(utterance: number, text: string, words?: [string, number][]) {
  return {
    type: "final" as const,
    utterance,
    text,
    startMs: 0,
    endMs: 1000,
    finalizedSamples: 0,
    language: "en",
    confidence: 1,
    ...(words && {
      words: words.map(([word, confidence], i) => ({ text: word, startMs: i, endMs: i + 1, confidence })),
    }),
  };
}

describe("the editor's text", () => {
  it("tells what was selected and said anew, once it is final", () => {
    const editor = new Editor("We use cooper netties here.");
    editor.select({ from: 7, to: 21 });
    expect(editor.take({ type: "speech_start", utterance: 1, atMs: 0 })).toBeUndefined();
    expect(editor.take(final(1, "Kubernetes."))).toEqual({ heard: "cooper netties", said: "kubernetes" });
    expect(editor.getSnapshot().text).toBe("We use kubernetes here.");
    editor.undo();
    expect(editor.getSnapshot().text).toBe("We use cooper netties here.");
  });

  it("marks the words that were not certain, until they are corrected", () => {
    const editor = new Editor("");
    editor.take(
      final(1, "Ship it to Tallinn.", [
        ["Ship", 0.9],
        ["it", 0.9],
        ["to", 0.4],
        ["Tallinn.", 0.3],
      ]),
    );
    const marked = () => {
      const { text, doubtful } = editor.getSnapshot();
      return doubtful.map(({ from, to }) => text.slice(from, to));
    };
    expect(marked()).toEqual(["to", "Tallinn"]);
    editor.replace({ from: 11, to: 18 }, "Berlin");
    expect(marked()).toEqual(["to"]);
  });

  it("replaces in many places as one step", () => {
    const editor = new Editor("a cat, a cat, a cat");
    editor.replaceAll(findAll("a cat, a cat, a cat", "CAT"), "horse");
    expect(editor.getSnapshot().text).toBe("a horse, a horse, a horse");
    editor.undo();
    expect(editor.getSnapshot().text).toBe("a cat, a cat, a cat");
  });
});

describe("a spoken command", () => {
  function spoken() {
    const editor = new Editor("Typed.");
    editor.take(final(1, "First sentence."));
    editor.take(final(2, "A wrong one."));
    const done: string[] = [];
    const actions = {
      copy: async (how?: string) => void done.push(`copy ${how ?? "all"}`),
      setMessage: (message: { text: string; undo?: () => void } | null) => {
        undo = message?.undo;
      },
    };
    let undo: (() => void) | undefined;
    const say = (command: string) =>
      obey(command, command, { editor, actions: actions as never, pause: () => void done.push("pause"), texts: en });
    return { say, done, text: () => editor.getSnapshot().text, undo: () => undo?.(), editor };
  }

  it("deletes what was said last, sentence by sentence, and what was typed stays; each is taken back", () => {
    const { say, text, undo } = spoken();
    const whole = text();
    expect(whole).toBe("Typed. First sentence. A wrong one.");
    say("delete_that");
    expect(text()).toBe("Typed. First sentence.");
    undo();
    expect(text()).toBe(whole);
    say("delete_that");
    say("delete_that");
    say("delete_that");
    expect(text()).toBe("Typed.");
  });

  it("deletes what is selected, where something is", () => {
    const { say, text, editor } = spoken();
    editor.select({ from: 0, to: 7 });
    say("delete_that");
    expect(text()).toBe("First sentence. A wrong one.");
  });

  it("undoes, redoes, selects, copies and stops; one that is not known does nothing", () => {
    const { say, text, editor, done } = spoken();
    say("undo");
    expect(text()).toBe("Typed. First sentence.");
    say("redo");
    expect(text()).toBe("Typed. First sentence. A wrong one.");
    say("select_all");
    expect(editor.getSnapshot().selection).toEqual({ from: 0, to: text().length });
    for (const command of ["copy", "copy_all", "stop_listening", "dance"]) say(command);
    expect(done).toEqual(["copy selected", "copy all", "pause"]);
    expect(text()).toBe("Typed. First sentence. A wrong one.");
  });
});

it("cuts a text into pieces that together are the text, each with its marks", () => {
  const text = "one two three";
  const pieces = piecesOf(text, { a: [{ from: 0, to: 7 }], b: [{ from: 4, to: 13 }] }, [2]);
  expect(pieces.map(({ from, to, marks }) => [text.slice(from, to), marks])).toEqual([
    ["on", "a"],
    ["e ", "a"],
    ["two", "a b"],
    [" three", "b"],
    ["", ""],
  ]);
});

it.each([
  ["", 0],
  ["One, two - three.", 3],
  ["Раз — два.", 2],
  ["今日はいい天気です", 5],
])("counts the words of %j", (text, words) => {
  const counted = countWords(text);
  if (words === 5) expect(counted).toBeGreaterThan(2);
  else expect(counted).toBe(words);
});

it("writes words as a file that it reads again, and reads those of spreadsheets", () => {
  const terms = [
    { term: "Kubernetes", soundsLike: ["cooper netties", "kuber, nettis"] },
    { term: 'The "Pub"', soundsLike: [] },
  ];
  expect(readWords(writeWords(terms))).toEqual(terms);
  expect(readWords("\uFEFFTallinn;tall in\r\nOslo\tos low\r\n# no\r\n")).toEqual([
    { term: "Tallinn", soundsLike: ["tall in"] },
    { term: "Oslo", soundsLike: ["os low"] },
  ]);
});

it("cuts out of the tape what an utterance was, without what came in a pause", async () => {
  let isTaken = true;
  const tape = new Tape(() => isTaken);
  const chunk = (value: number) => new Uint8Array(3200).fill(value);
  const source = tape.record({
    format: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 },
    async *chunks() {
      for (let i = 0; i < 20; i++) {
        isTaken = i < 5 || i >= 10;
        yield chunk(i);
      }
    },
    close: async () => {},
  } as unknown as Parameters<Tape["record"]>[0]);
  for await (const _ of source.chunks(new AbortController().signal));
  const pcm = new Uint8Array(tape.cut(650, 750)!);
  // A quarter of a second on both sides: 400 to 1000 ms of what was taken.
  expect(pcm).toHaveLength(600 * 32);
  expect([pcm[0], pcm.at(-1)]).toEqual([4, 14]);
  expect(tape.cut(5000, 6000)).toBeUndefined();
});

it("groups the history by session, the newest first and each in its order", () => {
  const entry = (session: string, sessionAt: number, startMs: number) => ({
    id: `${session}${startMs}`,
    session,
    sessionAt,
    at: sessionAt + startMs,
    language: "en",
    text: "x",
    startMs,
    endMs: startMs + 1,
    soundBytes: 0,
  });
  const sessions = sessionsOf([entry("a", 1, 5), entry("b", 9, 0), entry("a", 1, 2)]);
  expect(sessions.map(({ id, entries }) => [id, entries.map(({ startMs }) => startMs)])).toEqual([
    ["b", [0]],
    ["a", [2, 5]],
  ]);
});

it("takes keys that type nothing, tells time, and names files", () => {
  expect(["F1", "F8", "ControlRight", "Pause"].every(mayBeTalkKey)).toBe(true);
  expect(["KeyA", "Space", "Enter", "F5", "Escape", 3].some(mayBeTalkKey)).toBe(false);
  expect([7, 750, 3723].map(clockTime)).toEqual(["0:07", "12:30", "1:02:03"]);
  expect(fileName("Dictation", "docx", new Date(2026, 10, 29, 9, 5, 0))).toBe("dictation 2026-11-29 09-05-00.docx");
});

it("has the same places for values in both languages", () => {
  const places = (text: unknown) => [...JSON.stringify(text).matchAll(/\{\w+\}/g)].map(String).sort();
  for (const key of Object.keys(en) as (keyof typeof en)[]) expect(places(ru[key]), key).toEqual(places(en[key]));
  for (const key of Object.keys(panelsEn) as (keyof typeof panelsEn)[])
    expect(places(panelsRu[key]), key).toEqual(places(panelsEn[key]));
  expect(panelsRu.tips).toHaveLength(panelsEn.tips.length);
});
