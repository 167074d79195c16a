/** What a program in plain JavaScript may hand in by mistake is told at once, in a sentence, and nothing of it is begun. */
import { isSttError } from "@stt/core";
import { FakeClock, FakeEngine, FakeVad } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { createServer } from "../src/index.js";

const circular: Record<string, unknown> = {};
circular.self = circular;
const WRONG = [null, 5, "micro", true, [], new Map(), Symbol("s"), 10n, circular];

function refusalOf(options: unknown): { code: string; message: string } {
  try {
    createServer(options as never);
  } catch (error) {
    if (!isSttError(error)) throw error;
    return { code: error.code, message: error.message };
  }
  return { code: "taken", message: "" };
}

describe("createServer", () => {
  it.each(["engine", "realtimeEngine", "vad", "access", "log", "clock", "onDownload"])("refuses another %s", (name) => {
    for (const value of [...WRONG, {}]) {
      expect(refusalOf({ [name]: value })).toMatchObject({
        code: "invalid_argument",
        message: expect.stringContaining(`the option ${name} is`),
      });
    }
  });

  it("refuses options and settings that are no objects, and a step that is no time", () => {
    for (const value of [null, 5, "config", []]) {
      expect(refusalOf(value)).toMatchObject({ code: "invalid_argument" });
      expect(refusalOf({ config: value })).toMatchObject({ code: "invalid_argument" });
    }
    for (const historyStepMs of [0, -1, Number.NaN, "5"])
      expect(refusalOf({ historyStepMs })).toMatchObject({ code: "invalid_argument" });
  });

  it("refuses an engine that tells nothing of itself", () => {
    const { transcribe, close } = new FakeEngine();
    for (const info of [undefined, null, {}]) {
      expect(refusalOf({ engine: { info, transcribe, close } }).message).toContain("TranscriptionEngine");
    }
  });

  it.each(["controlPort", "bindHost", "language", "languages", "logLevel", "beamSize", "whisperModel"])(
    "refuses another value of %s, whatever it is",
    (name) => {
      for (const value of [Symbol("s"), 10n, circular, Number.NaN]) {
        expect(refusalOf({ config: { [name]: value } })).toMatchObject({ code: "invalid_config" });
      }
    },
  );

  it("refuses a replacement whose pattern RE2 does not read", () => {
    const replacements = [{ find: "[a", replace: "b", pattern: true }];
    expect(refusalOf({ config: { replacements } })).toEqual({
      code: "invalid_config",
      message: "REPLACEMENTS has /[a/, which is no pattern that RE2 reads: missing closing ]: [a.",
    });
    expect(refusalOf({ config: { replacements: [{ ...replacements[0], pattern: false }] } }).code).toBe("taken");
  });

  it("takes what is right", async () => {
    const server = createServer({ engine: new FakeEngine(), vad: new FakeVad(), clock: new FakeClock(), config: {} });
    await server.close();
  });
});
