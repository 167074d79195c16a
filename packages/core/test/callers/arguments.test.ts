/** Every call of the SDK with values of wrong types: told at once, with the name of what was wrong. */
import { describe, expect, it } from "vitest";
import { SESSION_SHAPE } from "../../src/callers/arguments.js";
import { conforms, type Field } from "../../src/callers/fields.js";
import { clientMessageSchema, paced, type SttClient, type SttClientOptions } from "../../src/index.js";
import { createHarness, exchange } from "../client/support/harness.js";

const NOT_OPTIONS = [null, 5, "x", true, []];
const WRONG: Record<keyof SttClientOptions, unknown[]> = {
  url: [5, null, {}, new URL("ws://localhost"), [5], ["ws://ok", null], "", "localhost", "ftp://x", []],
  token: [5, null, {}, true],
  audio: [5, null, "pcm", {}, { encoding: "pcm_s16le", sampleRate: "16000", channels: 1 }],
  reconnect: [5, null, "yes", true, { enabled: 1 }, { maxDelayMs: "1" }, { giveUpAfterMs: -1 }, { initial: null }],
  maxReplayMs: [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "120000", null],
  warmUpMs: [-1, Number.NaN, "1"],
  connectTimeoutMs: [-1, Number.POSITIVE_INFINITY, "15000", null],
  stopTimeoutMs: [-1, Number.NaN, true],
  pingIntervalMs: [-1, 2 ** 31, "x"],
  pongTimeoutMs: [-1, {}, "x"],
  maxBufferedBytes: [-1, Number.NaN, "x"],
  socketFactory: [5, null, {}],
  clock: [5, {}, { now: 1, setTimer: 1 }],
  random: [0.5, null],
  language: [5, null, {}, ["en"], "xx"],
  languages: [5, null, {}, "en", [5], ["en", "xx"], ["auto"], new Array(101).fill("en")],
  task: ["Transcribe", 5, null],
  prompt: [5, null, "x".repeat(2001)],
  vocabulary: [
    "word",
    [5],
    [null],
    new Array(501).fill("a"),
    ["x".repeat(65)],
    ["bell\u0007"],
    ["two\nlines"],
    [{}],
    [{ term: 5 }],
    [{ term: "a", soundsLike: "b" }],
    [{ term: "a", soundsLike: new Array(9).fill("b") }],
    [{ term: "a", soundsLike: ["x".repeat(65)] }],
    new Array(400).fill("x".repeat(64)),
  ],
  partials: [1, "yes", null],
  words: [1, "true", null],
  replace: [
    5,
    null,
    "a=b",
    [{}],
    [{ find: "", replace: "" }],
    [{ find: "a" }],
    [{ find: "a", replace: "b", pattern: 1 }],
  ],
  numerals: [5, null, "digits"],
  fillers: [true, null, "drop"],
  profanity: [true, null, "hide"],
  redact: ["email", null, ["name"], [5], ["card", "card", "card", "card"]],
  spokenPunctuation: [1, "true", null],
  commands: [5, null, "yes", ["undo"], { "": "x" }, { x: "" }, { x: 5 }, { x: "y".repeat(65) }],
  typography: [1, "true", null],
  endpointing: [5, null, [], { silenceMs: "300" }, { silenceMs: 1 }, { maxUtteranceMs: 1 }, { minUtteranceMs: -1 }],
};

describe("the options of a client", () => {
  it.each(Object.entries(WRONG).flatMap(([key, values]) => values.map((value) => [key, value] as const)))(
    "%s: %j is refused",
    (key, value) => {
      expect(() => createHarness({ [key]: value })).toThrow(expect.objectContaining({ code: "invalid_argument" }));
    },
  );

  it("name what is wrong, but no secret", () => {
    expect(() => createHarness({ stopTimeoutMs: "5" as never })).toThrow(
      'A client: the option stopTimeoutMs is "5"; it must be a number from 0 to 2147483647.',
    );
    expect(() => createHarness({ token: 12345 as never })).toThrow(/the option token is a number/);
  });

  it("may be left undefined", () => {
    const nothing = Object.fromEntries(Object.keys(WRONG).map((key) => [key, undefined]));
    expect(() => createHarness({ ...nothing, url: "ws://one:8012", socketFactory: (() => {}) as never })).not.toThrow();
  });
});

describe("options of a session", () => {
  const values = [
    undefined,
    "",
    "en",
    "pt-BR",
    "xx",
    5,
    true,
    false,
    "committed",
    [],
    ["a"],
    ["EN", "pt_BR", ""],
    {},
    { silenceMs: 300 },
    { silenceMs: 99 },
  ];
  const vocabularies = [
    [{ term: "Kubernetes", soundsLike: ["cooper netties"] }],
    [{ term: "Kubernetes", soundsLike: ["cooper\u0000netties"] }],
    [{ soundsLike: [] }],
    new Array(500).fill("a"),
    new Array(501).fill("a"),
    new Array(312).fill("x".repeat(64)),
    new Array(313).fill("x".repeat(64)),
  ];
  const text = [
    [{ find: "a", replace: "b" }],
    [{ find: "a", replace: "b", pattern: true }],
    [{ find: "a".repeat(201), replace: "b" }],
    [{ find: "a", replace: "b".repeat(2001) }],
    Array(501).fill({ find: "a", replace: "b" }),
    Array(51).fill({ find: "a", replace: "b", pattern: true }),
    "figures",
    "as_is",
    "remove",
    "mask",
    ["email", "card"],
    ["name"],
    { "save it": "save" },
    { "save it": "" },
    Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`word ${i}`, "x"])),
  ];
  const more = ["x".repeat(2000), "x".repeat(2001), ["x".repeat(65)], "translate", { maxUtteranceMs: 30_001 }, null];

  it.each(Object.keys(SESSION_SHAPE))("%s is judged as by the protocol's schema", (key) => {
    const field = SESSION_SHAPE[key as keyof typeof SESSION_SHAPE] as Field<unknown>;
    const shape = { [key]: { ...field, optional: true as const } };
    for (const value of [...values, ...vocabularies, ...text, ...more]) {
      const ours = conforms({ [key]: value }, shape);
      expect(ours, `${key} ${JSON.stringify(value)}`).toBe(
        clientMessageSchema.safeParse({ type: "update", [key]: value }).success,
      );
    }
  });
});

type Call = (client: SttClient, value: never) => unknown;
const CALLS: Record<string, { call: Call; values: unknown[]; needs?: "recording" }> = {
  "connect(options)": { call: (client, value) => client.connect(value), values: NOT_OPTIONS },
  "connect({ signal })": {
    call: (client, signal) => client.connect({ signal }),
    values: [null, 5, {}, new AbortController()],
  },
  "start(source)": { call: (client, value) => client.start(value), values: [null, 5, "x.wav", {}, [], () => {}] },
  "start(undefined, options)": { call: (client, value) => client.start(undefined, value), values: NOT_OPTIONS },
  "start(undefined, { pace })": {
    call: (client, pace) => client.start(undefined, { pace }),
    values: [2, "1", null, true],
  },
  "start(undefined, { live })": { call: (client, live) => client.start(undefined, { live }), values: [1, "yes", null] },
  "start(undefined, { signal })": {
    call: (client, signal) => client.start(undefined, { signal }),
    values: [null, 5, {}],
  },
  "transcribe(source)": { call: (client, value) => client.transcribe(value), values: [undefined, null, 5, "x", {}] },
  "push(pcm)": {
    call: (client, value) => client.push(value),
    values: [undefined, null, 5, "audio", [1, 2], {}, new ArrayBuffer(4), new Uint8Array(3)],
    needs: "recording",
  },
  "drained(options)": { call: (client, value) => client.drained(value), values: NOT_OPTIONS, needs: "recording" },
  "stop(options)": { call: (client, value) => client.stop(value), values: NOT_OPTIONS },
  "stop({ drain })": { call: (client, drain) => client.stop({ drain }), values: [1, "yes", null] },
  "update(options)": { call: (client, value) => client.update(value), values: [undefined, ...NOT_OPTIONS] },
  "update({ words })": { call: (client, words) => client.update({ words }), values: [1, "true", null] },
  "on(name, listener)": { call: (client, value) => client.on(value, () => {}), values: [undefined, null, 5, "finl"] },
  "on('final', listener)": { call: (client, value) => client.on("final", value), values: [undefined, null, 5, "f"] },
  "events(options)": { call: (client, value) => client.events(value), values: NOT_OPTIONS },
  "events({ signal })": { call: (client, signal) => client.events({ signal }), values: [null, 5, {}] },
  "subscribe(listener)": { call: (client, value) => client.subscribe(value), values: [undefined, null, 5, {}] },
  "transcript.subscribe(listener)": {
    call: (client, value) => client.transcript.subscribe(value),
    values: [undefined, null, 5, {}],
  },
  "transcript.dispatch(message)": {
    call: (client, value) => client.transcript.dispatch(value),
    values: [undefined, null, 5, "clear", {}, { type: 5 }],
  },
  "transcript.remove(id)": {
    call: (client, value) => client.transcript.remove(value),
    values: [undefined, null, 5, {}],
  },
  "paced(source)": {
    call: (_, value) => paced(value, { now: () => 0, setTimer: () => () => {} }),
    values: [undefined, null, 5, "x", {}],
  },
};

describe("calls", () => {
  it.each(
    Object.entries(CALLS).flatMap(([name, { call, values, needs }]) =>
      values.map((value) => [name, value, call, needs] as const),
    ),
  )("%s with %j is refused, and the client stays as it was", async (_, value, call, needs) => {
    const { client } = createHarness();
    if (needs) await client.start();
    const before = client.getSnapshot().status;
    await expect((async () => call(client, value as never))()).rejects.toMatchObject({ code: "invalid_argument" });
    await exchange();
    expect(client.getSnapshot().status).toBe(before);
    await client.close();
  });
});
