import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { TalkKey } from "../src/talk-key.js";

let isRecording: boolean;
let key: TalkKey;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  isRecording = false;
  key = new TalkKey({
    toggle: () => {
      isRecording = !isRecording;
      return isRecording;
    },
    stop: () => {
      isRecording = false;
    },
  });
});
afterEach(() => vi.useRealTimers());

const press = () => key.take({ type: "key", name: "f1" });
const release = () => key.take({ type: "release", name: "f1" });

it("a short press leaves the recording on, the next one ends it", () => {
  press();
  vi.advanceTimersByTime(399);
  release();
  expect(isRecording).toBe(true);
  press();
  expect(isRecording).toBe(false);
  vi.advanceTimersByTime(1000);
  release();
  expect(isRecording).toBe(false);
});

it("a long press records as long as it lasts, whatever the key repeats", () => {
  press();
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(40);
    expect(key.take({ type: "key", name: "f1", isRepeat: true })).toBe(true);
    expect(isRecording).toBe(true);
  }
  release();
  expect(isRecording).toBe(false);
});

it("leaves other keys alone", () => {
  expect(key.take({ type: "key", name: "f2" })).toBe(false);
  expect(key.take({ type: "release", name: "up" })).toBe(false);
  expect(key.take({ type: "text", text: "f1" })).toBe(false);
});
