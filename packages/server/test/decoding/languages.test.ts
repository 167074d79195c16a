/** Which language an utterance is decoded in, when it is detected. */
import { SttError } from "@stt/core";
import { createConfig } from "@stt/core/config";
import { FakeEngine } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { LanguageKeeper } from "../../src/decoding/language-keeper.js";
import { languagePrior, weakEvidencePrior } from "../../src/decoding/language-prior.js";
import { repair } from "../../src/decoding/repair.js";
import { transcribeWithSecondLook } from "../../src/decoding/second-look.js";
import { defaultSettings } from "../../src/settings/session-settings.js";

const SPOKEN = { language: "auto", languages: [], likelyLanguages: ["en", "ru"] };

function heard(language: string, languageProbability: number | undefined, averageLogProbability = -0.1) {
  const segment = {
    text: "да",
    startMs: 0,
    endMs: 1000,
    noSpeechProbability: 0,
    averageLogProbability,
    tokenCount: 4,
    temperature: 0,
  };
  return {
    text: "да",
    segments: [segment],
    language,
    audioMs: 1000,
    computeMs: 1,
    ...(languageProbability !== undefined && { languageProbability }),
  };
}

describe("LanguageKeeper", () => {
  it("asks for a given language, and for the only candidate, as it is", () => {
    const keeper = new LanguageKeeper();
    expect(keeper.forUtterance({ ...SPOKEN, language: "de" })).toEqual({ language: "de" });
    expect(keeper.forUtterance({ ...SPOKEN, languages: ["ru"] })).toEqual({ language: "ru" });
  });

  it("detects among the candidates, all alike, until something was heard", () => {
    expect(new LanguageKeeper().forUtterance({ ...SPOKEN, languages: ["en", "ru"] })).toEqual({
      language: "auto",
      languages: { en: 1, ru: 1 },
    });
  });

  it("leans towards what it has heard: twice as likely after 1.1 s, ten times after 10 s", () => {
    const settings = { ...SPOKEN, languages: ["en", "ru"] };
    const short = new LanguageKeeper();
    short.observe(heard("ru", 1), 1111);
    expect(short.forUtterance(settings).languages).toEqual({ en: 1, ru: expect.closeTo(2, 2) });
    expect(short.forUtterance(settings).whenUnsure).toEqual({ en: 1, ru: 10 });
    const prior = languagePrior(["en", "ru"], new Map([["ru", 10_000]]));
    expect(prior).toEqual({ en: 1, ru: 10 });
  });

  it("counts an unsure detection for as much as it is worth", () => {
    const keeper = new LanguageKeeper();
    keeper.observe(heard("zh", 0.2), 2000);
    keeper.observe(heard("en", 0.9), 1000);
    const { whenUnsure } = keeper.forUtterance(SPOKEN);
    expect(whenUnsure?.en).toBeGreaterThan(whenUnsure!.zh!);
  });

  it("settles after four sure seconds, and looks again after eight utterances", () => {
    const keeper = new LanguageKeeper();
    keeper.observe(heard("ru", 1), 4000);
    expect(keeper.hasSettledOn("ru")).toBe(true);
    for (let i = 0; i < 8; i++) {
      expect(keeper.forUtterance(SPOKEN)).toEqual({ language: "ru" });
      keeper.observe(heard("ru", undefined), 1000);
    }
    expect(keeper.forUtterance(SPOKEN).language).toBe("auto");
  });

  it("looks again after an utterance that was recognised badly, unless it is a recording", () => {
    const keeper = new LanguageKeeper({ settled: "ru" });
    const recording = new LanguageKeeper({ settled: "ru", recheck: false });
    for (const each of [keeper, recording]) each.observe(heard("ru", undefined, -2), 1000);
    expect(keeper.forUtterance(SPOKEN).language).toBe("auto");
    expect(recording.forUtterance(SPOKEN)).toEqual({ language: "ru" });
  });

  it("is not moved by a short guess, but by long sure speech in another language", () => {
    const keeper = new LanguageKeeper({ settled: "ru" });
    keeper.observe(heard("zh", 0.45), 1500);
    expect(keeper.hasSettledOn("ru")).toBe(true);
    keeper.observe(heard("en", 1), 7000);
    expect(keeper.hasSettledOn("en")).toBe(true);
  });

  it("gives up what it settled on when that is no candidate any more", () => {
    const keeper = new LanguageKeeper({ settled: "ru" });
    expect(keeper.forUtterance({ ...SPOKEN, languages: ["en", "fr"] })).toMatchObject({ language: "auto" });
  });

  it("learns nothing from an utterance without words", () => {
    const keeper = new LanguageKeeper();
    keeper.observe({ ...heard("zh", 1), text: " " }, 9000);
    expect(keeper.heard).toBeUndefined();
  });
});

describe("what is known where the audio proves little", () => {
  const nothing = new Map<string, number>();

  it("is the session's own language, however little of it was heard", () => {
    const weights = weakEvidencePrior([], new Map([["uk", 500]]), ["en"])!;
    expect([weights.uk, weights.en, weights.zh]).toEqual([10, 1, 1]);
  });

  it("is the likely ones before that, ten to one", () => {
    const weights = weakEvidencePrior([], nothing, ["en", "ru"])!;
    expect([weights.en, weights.ru, weights.zh]).toEqual([10, 10, 1]);
    expect(Object.keys(weights)).toHaveLength(100);
  });

  it("is nothing for one candidate rather than another", () => {
    expect(weakEvidencePrior(["zh", "en"], nothing, ["en"])).toBeUndefined();
  });

  it.each([
    [{}, ["en", "es", "de", "fr", "ru", "pt", "it"]],
    [{ language: "uk" }, ["uk"]],
    [{ languages: ["kk", "ru"] }, ["kk", "ru"]],
    [{ language: "uk", languages: ["kk", "ru"] }, ["kk", "ru"]],
  ])("with the server's settings %j the likely ones are %j", (config, likely) => {
    expect(defaultSettings(createConfig(config)).likelyLanguages).toEqual(likely);
  });
});

describe("transcribeWithSecondLook", () => {
  const whenUnsure = { en: 10, ru: 10, zh: 1, cy: 1 };
  async function look(language: string, probability: number | undefined, weights: typeof whenUnsure | undefined) {
    const engine = new FakeEngine({ answers: [heard(language, probability), heard("en", 0.1)] });
    const request = { language: "auto", languages: { en: 1, ru: 1, zh: 1, cy: 1 }, whenUnsure: weights };
    const options = { prompt: "weather" };
    const signal = new AbortController().signal;
    const found = await transcribeWithSecondLook(engine, new Float32Array(16_000), request, options, signal);
    return { found, asked: engine.calls.map(({ options }) => options) };
  }

  it("decodes once more with what is known, where the audio proves little", async () => {
    const { found, asked } = await look("zh", 0.38, whenUnsure);
    expect(found.language).toBe("en");
    expect(asked).toEqual([
      { language: "auto", languages: { en: 1, ru: 1, zh: 1, cy: 1 }, prompt: "weather" },
      { language: "auto", languages: whenUnsure, prompt: "weather" },
    ]);
  });

  it.each([
    ["a rare language is sure enough", "cy", 0.5, whenUnsure],
    ["the language is a likely one", "ru", 0.3, whenUnsure],
    ["the engine says no probability", "zh", undefined, whenUnsure],
    ["nothing is known", "zh", 0.2, undefined],
  ])("stays with the first when %s", async (_, language, probability, weights) => {
    const { found, asked } = await look(language, probability, weights);
    expect(found.language).toBe(language);
    expect(asked).toHaveLength(1);
  });

  it("gives the engine's error", async () => {
    const engine = new FakeEngine({ answers: new SttError("engine_failed", "broken") });
    const looking = transcribeWithSecondLook(
      engine,
      new Float32Array(16_000),
      { language: "auto", whenUnsure },
      {},
      new AbortController().signal,
    );
    await expect(looking).rejects.toThrow("broken");
  });
});

describe("repair", () => {
  it("decodes the pieces in the language of the first decode", async () => {
    const loop = "да ".repeat(60).trim();
    const asked: (string | undefined)[] = [];
    const repaired = await repair(
      {
        transcription: { ...heard("ru", 0.9), text: loop },
        sign: { kind: "broken", rule: "repetition", reason: "a loop" },
      },
      {
        audio: new Float32Array(12 * 16_000),
        evidence: { audioMs: 12_000, speechMs: 11_000 },
        fullWindow: true,
        decode: async (audio, { language }) => {
          asked.push(language);
          if (audio.length === 12 * 16_000) return { ...heard("zh", 0.3), text: loop };
          return heard(language ?? "zh", undefined);
        },
      },
    );
    const [whole, ...pieces] = asked;
    expect(whole).toBeUndefined();
    expect(pieces.length).toBeGreaterThan(1);
    expect(new Set(pieces)).toEqual(new Set(["ru"]));
    expect(repaired.transcription).toMatchObject({ language: "ru", languageProbability: 0.9 });
  });
});
