import { HighPass } from "@stt/core";
import { silenceSamples, toneSamples } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { SessionRig } from "../support/session-rig.js";

const speech = (ms: number) => toneSamples(300, ms);
const silence = (ms: number) => silenceSamples(ms);
/** As the session hears it. */
const highPassed = (samples: Float32Array) => {
  new HighPass(16_000).process(samples, samples);
  return samples;
};
const LOOP = "and so it goes on ".repeat(12).trim();
/** What an engine without times of words hears. */
const untimed = (text: string) => ({
  text,
  segments: [{ text, startMs: 0, endMs: 1, noSpeechProbability: 0, averageLogProbability: -0.1, tokenCount: 6 }],
});

describe("the end of an utterance", () => {
  it("comes after the silence that was asked for, on the audio clock", async () => {
    const rig = new SessionRig({ engine: { answers: "hello there" }, options: { endpointing: { silenceMs: 700 } } });
    await rig.hear(silence(500));
    await rig.hear(speech(2500));
    await rig.hear(silence(640));
    expect(rig.of("speech_end")).toEqual([]);
    await rig.hear(silence(200));
    expect(rig.of("speech_end")).toHaveLength(1);
    expect(rig.of("final")).toMatchObject([{ utterance: 0, text: "Hello there." }]);
  });

  it("does not come before the least length, but a short utterance is not lost", async () => {
    const rig = new SessionRig({
      engine: { answers: "yes" },
      options: { endpointing: { silenceMs: 300, minUtteranceMs: 2000 } },
    });
    await rig.hear(speech(500));
    await rig.hear(silence(1200));
    expect(rig.of("speech_end")).toEqual([]);
    await rig.hear(silence(600));
    expect(rig.of("final")).toMatchObject([{ text: "Yes." }]);
  });

  it("comes by the idle timeout when the audio stops", async () => {
    const rig = new SessionRig({ engine: { answers: "cut off" }, settings: { idleAudioMs: 2000 } });
    await rig.hear(speech(1000));
    await rig.clock.advanceAsync(1900);
    expect(rig.of("final")).toEqual([]);
    await rig.clock.advanceAsync(200);
    expect(rig.of("final")).toMatchObject([{ text: "Cut off." }]);
  });

  it("comes sooner after a finished sentence and later after an unfinished one, if that is wanted", async () => {
    const wait = async (answer: string, adaptiveEndpointing: boolean) => {
      const rig = new SessionRig({
        engine: { answers: answer },
        settings: { adaptiveEndpointing, minUtteranceMs: 0, silenceMs: 1000 },
      });
      await rig.hear(speech(1500));
      for (let waited = 0; waited < 3000; waited += 20) {
        await rig.hear(silence(20));
        if (rig.of("speech_end").length > 0) return waited;
      }
      return Number.POSITIVE_INFINITY;
    };
    const plain = await wait("It is done.", false);
    expect(await wait("It is...", false)).toBe(plain);
    expect(await wait("It is done.", true)).toBeLessThan(plain * 0.7);
    expect(await wait("It is...", true)).toBeGreaterThan(plain * 1.3);
  });
});

describe("a speculative final", () => {
  it("is decoded while the silence is counted, and goes out at the endpoint without another decode", async () => {
    const rig = new SessionRig({
      engine: { answers: "hello there", latencyMs: 300 },
      settings: { partials: false, silenceMs: 1500 },
    });
    await rig.hear(speech(2000));
    await rig.hear(silence(400));
    expect(rig.finalCalls).toHaveLength(1);
    expect(rig.of("final")).toEqual([]);
    await rig.hear(silence(1150));
    expect(rig.of("final")).toHaveLength(1);
    expect(rig.finalCalls).toHaveLength(1);
  });

  it("is given up when speech resumes", async () => {
    const rig = new SessionRig({
      engine: { answers: "hello there", latencyMs: 900 },
      settings: { partials: false, silenceMs: 1500 },
    });
    await rig.hear(speech(1000));
    await rig.hear(silence(500));
    await rig.hear(speech(1000));
    expect(rig.finalCalls.map(({ state }) => state)).toEqual(["aborted"]);
    await rig.hear(silence(1700));
    expect(rig.of("final")).toHaveLength(1);
    expect(rig.finalCalls.map(({ state }) => state)).toEqual(["aborted", "done"]);
  });

  it("is left out where it is not wanted", async () => {
    const rig = new SessionRig({
      engine: { answers: "hello there", latencyMs: 300 },
      settings: { partials: false, speculativeFinals: false, silenceMs: 1500 },
    });
    await rig.hear(speech(2000));
    await rig.hear(silence(1400));
    expect(rig.finalCalls).toEqual([]);
    await rig.hear(silence(600));
    expect(rig.of("final")).toHaveLength(1);
  });
});

describe("an utterance that reaches its maximum", () => {
  it("is split without a sample lost or decoded twice, and the next is told what came before", async () => {
    const rig = new SessionRig({
      engine: { answers: "part of it" },
      settings: { partials: false, speculativeFinals: false, maxUtteranceMs: 3000, preRollMs: 0 },
    });
    await rig.hear(speech(8000));
    await rig.stop();
    const finals = rig.of("final");
    expect(finals.length).toBeGreaterThan(2);
    const decoded = rig.finalCalls.reduce((sum, call) => sum + call.audio.length, 0);
    // Whole VAD frames: the last one is filled up.
    expect(decoded).toBe(Math.ceil((8000 * 16) / 512) * 512);
    const joined = Float32Array.from(rig.finalCalls.flatMap((call) => [...call.audio]));
    expect(joined.subarray(0, 128_000)).toEqual(highPassed(speech(8000)));
    expect(rig.finalCalls[1]?.options.prompt).toBe("Part of it");
  });
});

describe("a long utterance", () => {
  const PAUSES = { silenceMs: 1500, minUtteranceMs: 0 };
  const partText = (text: string, call: { audio: Float32Array }) => ({
    text,
    segments: [
      {
        text,
        startMs: 0,
        endMs: call.audio.length / 16,
        noSpeechProbability: 0,
        averageLogProbability: -0.1,
        tokenCount: text.split(" ").length,
      },
    ],
  });

  it("is decoded in parts at its pauses, while the speaker goes on, and its end waits for the last part only", async () => {
    let n = 0;
    const rig = new SessionRig({
      engine: { answers: (call) => partText(`this is part number ${++n}`, call) },
      settings: { ...PAUSES, partials: false },
    });
    await rig.hear(speech(7000));
    await rig.hear(silence(400));
    await rig.hear(speech(6500));
    await rig.hear(silence(400));
    await rig.hear(speech(3000));
    expect(rig.of("final")).toEqual([]);
    expect(rig.finalCalls.filter(({ state }) => state === "done")).toHaveLength(2);
    await rig.hear(silence(1600));
    expect(rig.of("final")).toMatchObject([
      { utterance: 0, text: "This is part number 1 this is part number 2 this is part number 3." },
    ]);
    const seconds = rig.finalCalls.map(({ audio }) => audio.length / 16_000);
    for (const [i, expected] of [7.2, 6.9, 3.4].entries()) expect(Math.abs(seconds[i]! - expected)).toBeLessThan(0.3);
    expect(rig.of("speech_end")).toHaveLength(1);
  });

  it("is not cut at a pause that comes early or is short: what was decoded ahead is dropped", async () => {
    const rig = new SessionRig({ engine: { answers: "all in one" }, settings: { ...PAUSES, partials: false } });
    await rig.hear(speech(3000));
    await rig.hear(silence(400));
    await rig.hear(speech(3000));
    await rig.hear(silence(1700));
    expect(rig.of("final")).toMatchObject([{ text: "All in one." }]);
    expect(rig.finalCalls.at(-1)!.audio.length / 16_000).toBeGreaterThan(6);
  });

  it("gives the same text at any pace", async () => {
    const audio = [speech(7000), silence(400), speech(8000), silence(300), speech(2000), silence(1800)];
    const run = async (latencyMs: number) => {
      const rig = new SessionRig({
        engine: { answers: (call) => partText(`${Math.round(call.audio.length / 512)} frames`, call), latencyMs },
        settings: { ...PAUSES, partials: false },
      });
      for (const samples of audio) await rig.hear(samples);
      await rig.stop();
      return rig.of("final").map(({ text, startMs, endMs }) => ({ text, startMs, endMs }));
    };
    const quick = await run(0);
    expect(quick).toHaveLength(1);
    expect(await run(2500)).toEqual(quick);
  });

  it("has its live text settled at the end of each part", async () => {
    const rig = new SessionRig({
      engine: {
        answers: (call) =>
          call.options.temperatureFallback === false
            ? untimed("this is")
            : partText("this is what the final says", call),
      },
      settings: { ...PAUSES },
    });
    await rig.hear(speech(7000));
    await rig.hear(silence(400));
    await rig.hear(speech(500));
    expect(rig.of("partial").at(-1)?.committed).toMatch(/^This is what the final says/);
    const committed = rig.of("partial").map((partial) => partial.committed);
    for (const [i, text] of committed.slice(1).entries()) expect(text.startsWith(committed[i]!)).toBe(true);
  });

  it("is dropped whole by a command", async () => {
    const rig = new SessionRig({ engine: { answers: "dropped" }, settings: { ...PAUSES, partials: false } });
    await rig.hear(speech(7000));
    await rig.hear(silence(400));
    await rig.hear(speech(1000));
    rig.session.cancel();
    await rig.hear(silence(2000));
    expect(rig.of("final")).toEqual([]);
    expect(rig.of("discarded")).toMatchObject([{ rule: "cancelled" }]);
    expect(rig.session.settled).toBe(true);
  });
});

describe("who speaks alone", () => {
  it("has all lanes for each decode", async () => {
    const rig = new SessionRig({ engine: { answers: () => "all is well" }, settings: { partials: false }, lanes: 3 });
    await rig.hear(speech(3000));
    await rig.stop();
    expect(rig.finalCalls.map(({ options }) => options.lanes)).toEqual([3]);
  });
});

describe("a final that looks broken", () => {
  it("is decoded again with the full window, and the better text counts", async () => {
    const rig = new SessionRig({
      engine: { answers: (call) => (call.options.audioContext === "full" ? "all is well" : LOOP) },
      settings: { partials: false },
    });
    await rig.hear(speech(3000));
    await rig.stop();
    expect(rig.finalCalls.map(({ options }) => options.audioContext)).toEqual([512, "full"]);
    expect(rig.of("final")).toMatchObject([{ text: "All is well." }]);
  });

  it("is decoded warmer and in pieces when the full window gives the same", async () => {
    const rig = new SessionRig({
      engine: {
        answers: ({ audio }) => (audio.length < 8 * 16_000 ? `piece ${audio.length}` : LOOP),
      },
      settings: { partials: false, speculativeFinals: false },
    });
    await rig.hear(speech(9000));
    await rig.stop();
    const [tight, full, warm, ...pieces] = rig.finalCalls;
    expect([tight, full, warm].map((call) => [call?.options.audioContext, call?.options.temperature])).toEqual([
      [512, 0],
      ["full", 0],
      ["full", 0.4],
    ]);
    const wanted = pieces.map(({ audio }, i) => `${i === 0 ? "Piece" : "piece"} ${audio.length}`).join(" ");
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.reduce((sum, { audio }) => sum + audio.length, 0)).toBe(tight!.audio.length);
    expect(rig.of("final")).toMatchObject([{ text: `${wanted}.` }]);
  });

  it("keeps what was said when nothing helps: the loop goes, the rest stays, and the confidence says so", async () => {
    const rig = new SessionRig({
      engine: { answers: `First of all ${LOOP} until the end` },
      settings: { partials: false, words: true },
    });
    await rig.hear(speech(3000));
    await rig.stop();
    expect(rig.of("discarded")).toEqual([]);
    const [final] = rig.of("final");
    expect(final?.text).toBe("First of all and so it goes on until the end.");
    expect(final?.words?.map(({ text }) => text).join(" ")).toBe(final?.text);
    expect(final?.confidence).toBeLessThanOrEqual(0.3);
  });

  it("gives way to the live text that was committed, which nobody takes back", async () => {
    const spoken = "these words were shown as certain";
    const rig = new SessionRig({
      engine: { answers: ({ options }) => (options.temperatureFallback === false ? untimed(spoken) : LOOP) },
    });
    await rig.hear(speech(3000));
    await rig.stop();
    expect(rig.of("partial").at(-1)).toMatchObject({ committed: "These words were shown as certain" });
    expect(rig.of("final")).toMatchObject([{ text: "These words were shown as certain.", confidence: 0.3 }]);
  });

  it("is not what a right text of much repetition is: a menu in Russian stays as it is", async () => {
    const menu =
      "Нажмите один для записи вашего сообщения при статусе недоступен. Нажмите два для записи вашего сообщения при статусе занята. " +
      "Нажмите три для записи вашего имени.";
    const rig = new SessionRig({ engine: { answers: menu }, settings: { partials: false, speculativeFinals: false } });
    await rig.hear(speech(9000));
    await rig.stop();
    expect(rig.finalCalls).toHaveLength(1);
    expect(rig.of("final")).toMatchObject([{ text: menu, confidence: expect.closeTo(0.905, 2) }]);
  });

  it("is decoded again when it is empty although somebody spoke", async () => {
    const rig = new SessionRig({
      engine: { answers: ["", "here I am"] },
      settings: { partials: false, speculativeFinals: false },
    });
    await rig.hear(speech(1500));
    await rig.stop();
    expect(rig.of("final")).toMatchObject([{ text: "Here I am." }]);
  });

  it("comes to nothing only after all that, and then it is said why", async () => {
    const rig = new SessionRig({ engine: { answers: "" }, settings: { partials: false, speculativeFinals: false } });
    await rig.hear(speech(1500));
    await rig.stop();
    expect(rig.finalCalls.length).toBeGreaterThan(1);
    expect(rig.of("discarded")).toMatchObject([{ rule: "empty", reason: "the decoder found no words" }]);
  });
});

describe("a phrase that models invent", () => {
  const phrase = "Спасибо за просмотр!";

  it("survives when it was really spoken", async () => {
    const rig = new SessionRig({ engine: { answers: phrase } });
    await rig.hear(speech(1400));
    await rig.stop();
    expect(rig.of("final")).toMatchObject([{ text: phrase }]);
  });

  it("is dropped when there was hardly a sound", async () => {
    const rig = new SessionRig({ engine: { answers: phrase } });
    await rig.hear(silence(1000));
    await rig.hear(speech(150));
    await rig.stop();
    expect(rig.of("final")).toEqual([]);
    expect(rig.of("discarded")).toMatchObject([{ rule: "phantom_phrase" }]);
  });
});

describe("live text", () => {
  it("commits what two hypotheses agree on, and never takes it back", async () => {
    const heard = ["the cat", "the cat sat", "the cat sat on", "the cat sat on a mat"];
    const rig = new SessionRig({ engine: { answers: heard } });
    await rig.hear(speech(2500));
    const partials = rig.of("partial");
    expect(partials.length).toBeGreaterThan(3);
    // Live text begins with a capital, as the final will.
    expect(partials[0]).toMatchObject({ committed: "", tentative: "The cat" });
    expect(partials[1]).toMatchObject({ committed: "The cat", tentative: "sat" });
    for (const [i, partial] of partials.slice(1).entries()) {
      expect(partial.committed.startsWith(partials[i]!.committed)).toBe(true);
    }
  });

  it("shows one turn of a loop, which would agree with itself", async () => {
    const rig = new SessionRig({ engine: { answers: LOOP } });
    await rig.hear(speech(2000));
    expect(rig.of("partial").length).toBeGreaterThan(2);
    for (const { committed, tentative } of rig.of("partial")) {
      expect(`${committed}${tentative}`).toBe("And so it goes on");
    }
  });

  it("is decoded no more often than the pause that is set", async () => {
    const rig = new SessionRig({ engine: { answers: "word" }, settings: { realtimePauseMs: 1000 } });
    await rig.hear(speech(4500));
    expect(rig.of("partial").length).toBeLessThanOrEqual(5);
    expect(rig.of("partial").length).toBeGreaterThanOrEqual(4);
  });
});

describe("a session that detects its language", () => {
  it("keeps it after confident speech, and checks it again after a doubtful final", async () => {
    const confident = { text: "confident words", language: "ru", languageProbability: 0.99 };
    const rig = new SessionRig({
      engine: { answers: () => confident },
      settings: { partials: false, minUtteranceMs: 0, silenceMs: 300, speculativeFinals: false },
    });
    for (let i = 0; i < 3; i++) {
      await rig.hear(speech(3500));
      await rig.hear(silence(800));
    }
    expect(rig.finalCalls.map(({ options }) => options.language)).toEqual(["auto", "ru", "ru"]);
    expect(rig.of("final").map(({ languageSettled }) => languageSettled)).toEqual([true, true, true]);
  });

  it("goes on with the language that it had settled on before a resume", async () => {
    const rig = new SessionRig({
      engine: { answers: "words" },
      language: "ru",
      settings: { partials: false, minUtteranceMs: 0, silenceMs: 300, speculativeFinals: false },
    });
    await rig.hear(speech(1000));
    await rig.hear(silence(800));
    expect(rig.finalCalls.map(({ options }) => options.language)).toEqual(["ru"]);
  });
});

describe("a failing engine", () => {
  it("costs one utterance, which is said, and the session goes on", async () => {
    const answers = [new Error("out of memory"), "second"];
    const rig = new SessionRig({
      engine: { answers },
      settings: { partials: false, minUtteranceMs: 0, silenceMs: 300, speculativeFinals: false },
    });
    await rig.hear(speech(1000));
    await rig.hear(silence(800));
    await rig.hear(speech(1000));
    await rig.hear(silence(800));
    expect(rig.of("error")).toMatchObject([{ message: expect.stringContaining("out of memory"), fatal: false }]);
    expect(rig.of("final")).toMatchObject([{ utterance: 1, text: "Second." }]);
  });
});

describe("an utterance that cannot be decoded after its live text was committed", () => {
  it("has that text for its final, and the failure is said", async () => {
    const rig = new SessionRig({
      engine: {
        answers: ({ options }) =>
          options.temperatureFallback === false ? untimed("these words were shown") : new Error("out of memory"),
      },
    });
    await rig.hear(speech(2500));
    await rig.stop();
    expect(rig.of("error")).toMatchObject([{ message: expect.stringContaining("out of memory"), fatal: false }]);
    expect(rig.of("final")).toMatchObject([{ text: "These words were shown.", confidence: 0.3 }]);
    expect(rig.of("discarded")).toEqual([]);
  });
});

describe("a closed session", () => {
  it("leaves no timer, no stream and no job behind", async () => {
    const rig = new SessionRig({ engine: { answers: "x", latencyMs: 5000 } });
    await rig.hear(speech(1500));
    await rig.hear(silence(400));
    rig.session.close();
    await rig.clock.advanceAsync(0);
    expect(rig.clock.pendingTimers).toBe(0);
    expect(rig.vad.openStreams).toBe(0);
    expect(rig.engine.running).toBe(0);
  });
});
