/** One truth at a time, the most pressing one. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dictationNotice, type NoticeFacts } from "../src/dictation-notice.js";

const LISTENING: NoticeFacts = {
  transcription: { microphone: null, reconnect: null, status: "listening" },
  seconds: 0,
  silentSeconds: 0,
  lostMs: 0,
  maxKeptMs: 120_000,
};

function away(lostMs: number, changes: Partial<NoticeFacts["transcription"]> = {}): NoticeFacts {
  const reconnect = { attempt: 3, nextDelayMs: 4000, code: "connection_failed" as const };
  const transcription = { microphone: null, reconnect, status: "reconnecting" as const, ...changes };
  return { ...LISTENING, transcription, seconds: 4, lostMs };
}

beforeEach(() => vi.stubGlobal("location", { host: "stt.example.com" }));
afterEach(() => vi.unstubAllGlobals());

describe("while the connection is away", () => {
  it("the state says that nothing is lost, as long as that is so", () => {
    expect(dictationNotice(away(0), "en")).toBeNull();
  });

  it("it is said what is lost, what is kept, and when the next try is", () => {
    expect(dictationNotice(away(7300), "en")).toBe(
      "stt.example.com does not answer; next try in 4 s. 8 s of what was said are lost, the latest 120 s are kept.",
    );
    expect(dictationNotice(away(7300), "ru")).toBe(
      "stt.example.com не отвечает; следующая попытка через 4 с. Потеряно 8 с сказанного, последние 120 с сохранены.",
    );
  });

  it("nothing promises that nothing is lost once something is, before the first session either", () => {
    const status = "connecting" as const;
    expect(dictationNotice(away(0, { status }), "en")).toContain("nothing is lost");
    expect(dictationNotice(away(500, { status }), "en")).not.toContain("nothing is lost");
  });

  it("a silent microphone and a full server say nothing beside it", () => {
    expect(dictationNotice({ ...away(1000), silentSeconds: 30 }, "en")).not.toContain("microphone");
    const reconnect = { attempt: 1, nextDelayMs: 1000, code: "capacity" as const };
    expect(dictationNotice(away(0, { reconnect, status: "connecting" }), "en")).toBeNull();
  });
});

it("a microphone that gives nothing is told of while somebody would be heard", () => {
  expect(dictationNotice({ ...LISTENING, silentSeconds: 40 }, "en")).toContain("for 40 s");
  const transcription = { ...LISTENING.transcription, status: "paused" as const };
  expect(dictationNotice({ ...LISTENING, transcription, silentSeconds: 40 }, "en")).toBeNull();
});
