/** Every call of the package with values of wrong types: told at once, before the browser is asked for anything. */
import { describe, expect, it } from "vitest";
import {
  createSttClient,
  fileSource,
  microphone,
  microphoneText,
  watchMicrophonePermission,
  watchMicrophones,
} from "../src/index.js";
import { Listeners } from "../src/listeners.js";
import { sileroVad, speechOnly } from "../src/vad/index.js";

const NOT_OPTIONS = [null, 5, "x", []];
const blob = new Blob(["x"]);
const source = {
  format: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 },
  async *chunks() {},
  async close() {},
} as const;
const vad = { createStream: () => ({}) } as never;
type Call = (value: never) => unknown;

const CALLS: Record<string, [Call, unknown[]]> = {
  "createSttClient(options)": [(value) => createSttClient(value), NOT_OPTIONS],
  "createSttClient({ url })": [(url) => createSttClient({ url }), [5, {}, [5]]],
  "fileSource(file)": [(value) => fileSource(value), [undefined, null, 5, "a.wav", {}, new Uint8Array(4)]],
  "fileSource(file, options)": [(value) => fileSource(blob, value), NOT_OPTIONS],
  "fileSource(file, { onProgress })": [(onProgress) => fileSource(blob, { onProgress }), [5, null, {}]],
  "fileSource(file, { chunkMs })": [(chunkMs) => fileSource(blob, { chunkMs }), [0, "100", null]],
  "microphone(options)": [(value) => microphone(value), NOT_OPTIONS],
  "microphone({ deviceId })": [(deviceId) => microphone({ deviceId }), [5, null, {}]],
  "microphone({ echoCancellation })": [(echoCancellation) => microphone({ echoCancellation }), [1, "no"]],
  "microphone({ onDrop })": [(onDrop) => microphone({ onDrop }), [5, null]],
  "microphone({ signal })": [(signal) => microphone({ signal }), [5, null, {}]],
  "microphone({ workletUrl })": [(workletUrl) => microphone({ workletUrl }), [5, {}]],
  "watchMicrophones(listener)": [(value) => watchMicrophones(value), [undefined, null, 5, {}]],
  "watchMicrophonePermission(listener)": [(value) => watchMicrophonePermission(value), [undefined, null, 5]],
  "microphone({ levelIntervalMs })": [(levelIntervalMs) => microphone({ levelIntervalMs }), [0, "50", null]],
  "microphone({ bufferMs })": [(bufferMs) => microphone({ bufferMs }), [0, "30000", Number.NaN]],
  "microphoneText(problem)": [(value) => microphoneText(value, "en"), [undefined, null, 5, "broken", "toString"]],
  "microphoneText(problem, locale)": [(value) => microphoneText("busy", value), [undefined, null, 5, "de"]],
  "speechOnly(source)": [(value) => speechOnly(value, { vad }), [undefined, null, 5, "x", {}]],
  "speechOnly(source, options)": [(value) => speechOnly(source, value), [undefined, ...NOT_OPTIONS, {}, { vad: 5 }]],
  "speechOnly(source, { startThreshold })": [
    (startThreshold) => speechOnly(source, { vad, startThreshold }),
    [-1, 2, "0.5"],
  ],
  "sileroVad(options)": [(value) => sileroVad(value), [undefined, ...NOT_OPTIONS, {}, { model: 5 }]],
};

describe("calls with wrong types", () => {
  it.each(
    Object.entries(CALLS).flatMap(([name, [call, values]]) => values.map((value) => [name, value, call] as const)),
  )("%s with %j", async (name, value, call) => {
    const failure = await Promise.resolve()
      .then(() => call(value as never))
      .then(
        () => new Error("taken"),
        (error: Error) => error,
      );
    expect(failure).toMatchObject({ code: "invalid_argument" });
    // Which of them, what it got, and what is allowed.
    const field = /\{ (\w+) \}/.exec(name)?.[1] ?? "";
    expect(failure.message).toContain(field);
    expect(failure.message).toMatch(/; it must be .+\.$|takes .+; it got .+\.$/);
  });
});

describe("a microphone's listeners", () => {
  it("have a name that there is, and do not disturb each other", () => {
    const listeners = new Listeners<{ state: string }>(["state"]);
    expect(() => listeners.on("stat" as "state", () => {})).toThrow(/on takes "state"; it got "stat"/);
    expect(() => listeners.on("state", 5 as never)).toThrow(/on takes a function; it got 5/);
    const heard: string[] = [];
    const { error } = console;
    console.error = () => {};
    listeners.on("state", () => {
      throw new Error("boom");
    });
    listeners.on("state", (state) => heard.push(state));
    listeners.emit("state", "live");
    console.error = error;
    expect(heard).toEqual(["live"]);
  });
});
