import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  type DecodedText,
  type HallucinationRule,
  judgeAudio,
  judgeText,
  type SpeechEvidence,
} from "../../src/speech/hallucination-filter.js";
import { compressionRatio, isPhantomPhrase, longestRepetition } from "../../src/speech/hallucination-rules.js";

const evidence = (speechMs: number, audioMs = speechMs + 1250): SpeechEvidence => ({ speechMs, audioMs });

function decoded(
  text: string,
  { noSpeech = 0.02, logProb = -0.25, tokens = Math.ceil(text.length / 4) } = {},
): DecodedText {
  return {
    text,
    segments: [{ text, noSpeechProbability: noSpeech, averageLogProbability: logProb, tokenCount: tokens }],
  };
}

function ruleOf(text: DecodedText, heard: SpeechEvidence): HallucinationRule | "ok" {
  const verdict = judgeText(text, heard);
  return verdict.ok ? "ok" : verdict.rule;
}

describe("before decoding", () => {
  it("too_little_speech: a click is not worth decoding, a short word is", () => {
    expect(judgeAudio(evidence(32))).toEqual({ ok: false, rule: "too_little_speech", reason: "only 32 ms of speech" });
    expect(judgeAudio(evidence(128))).toEqual({ ok: true });
  });

  it("too_quiet: digital silence is not decoded, a whisper is", () => {
    expect(judgeAudio({ ...evidence(1000), peakRms: 0.0001 })).toMatchObject({ ok: false, rule: "too_quiet" });
    expect(judgeAudio({ ...evidence(1000), peakRms: 0.002 })).toEqual({ ok: true });
  });
});

describe("after decoding", () => {
  it("repetition: a phrase in a loop is refused, emphasis is not", () => {
    expect(ruleOf(decoded("I think that I think that I think that I think that"), evidence(6000))).toBe("repetition");
    expect(ruleOf(decoded("и так далее, и так далее, и так далее, и так далее"), evidence(6000))).toBe("repetition");
    expect(ruleOf(decoded("no ".repeat(14)), evidence(8000))).toBe("repetition");
    expect(ruleOf(decoded("No, no, no, no, no!"), evidence(1800))).toBe("ok");
    expect(ruleOf(decoded("Row, row, row your boat, gently down the stream."), evidence(3000))).toBe("ok");
  });

  it("compression: a text that is mostly itself is refused, prose is not", () => {
    const loop = Array.from({ length: 12 }, (_, i) => `and then the next thing is the${i % 2 ? "n" : ""}`).join(" ");
    expect(ruleOf(decoded(loop), evidence(25_000))).toBe("compression");
    expect(ruleOf(decoded("Сегодня мы поговорим о том, как устроено распознавание речи."), evidence(4000))).toBe("ok");
  });

  it("too_dense: a paragraph from a tenth of a second is refused, quick speech is not", () => {
    const paragraph = "In this lesson we shall see how the different parts of the engine work together.";
    expect(ruleOf(decoded(paragraph), evidence(130))).toBe("too_dense");
    expect(ruleOf(decoded(paragraph), evidence(3200))).toBe("ok");
    expect(ruleOf(decoded("Да."), evidence(96))).toBe("ok");
  });

  it("too_dense: several tokens for one letter are not held against a script", () => {
    expect(ruleOf(decoded("สวัสดีครับทุกคน", { tokens: 45 }), evidence(1300))).toBe("ok");
  });

  it.each([
    "Спасибо за просмотр!",
    "Продолжение следует...",
    "Субтитры сделал DimaTorzok",
    "Редактор субтитров А.Семкин Корректор А.Егорова",
    "Thank you for watching!",
    "Thank you.",
    "Subtitles by the Amara.org community",
  ])("phantom_phrase: %j from a click or from noise is refused", (text) => {
    expect(ruleOf(decoded(text, { tokens: 2 }), evidence(120))).toBe("phantom_phrase");
    expect(ruleOf(decoded(text, { noSpeech: 0.8 }), evidence(900, 6000))).toBe("phantom_phrase");
  });

  it.each([
    ["Thank you.", 450],
    ["Thank you for watching!", 1100],
    ["Спасибо.", 420],
    ["Спасибо за внимание!", 1000],
    ["Продолжение следует.", 1150],
    ["Okay.", 300],
    ["Bye.", 200],
  ])("phantom_phrase: a spoken %j survives", (text, speechMs) => {
    expect(ruleOf(decoded(text), evidence(speechMs))).toBe("ok");
    // Also when the model doubts, as long as most of the audio is speech.
    expect(ruleOf(decoded(text, { noSpeech: 0.6 }), evidence(speechMs, speechMs * 2))).toBe("ok");
  });

  it("phantom_phrase: a phrase within a longer text is not touched", () => {
    const text = "Thank you for watching the children while we were out.";
    expect(ruleOf(decoded("And thank you for watching, said the clown.", { noSpeech: 0.8 }), evidence(900, 6000))).toBe(
      "ok",
    );
    expect(isPhantomPhrase(`He said: ${text}`)).toBe(false);
  });

  it("improbable: refused only when the model both doubts its words and hears no speech", () => {
    const heard = evidence(2000);
    expect(ruleOf(decoded("Lorem ipsum", { logProb: -1.4, noSpeech: 0.9 }), heard)).toBe("improbable");
    expect(ruleOf(decoded("Lorem ipsum", { logProb: -1.4, noSpeech: 0.3 }), heard)).toBe("ok");
    expect(ruleOf(decoded("Lorem ipsum", { logProb: -0.4, noSpeech: 0.9 }), heard)).toBe("ok");
  });

  it("has nothing against silence, or against an engine without figures", () => {
    expect(judgeText({ text: "  " }, evidence(0))).toEqual({ ok: true });
    expect(judgeText({ text: "A plain sentence." }, evidence(1500))).toEqual({ ok: true });
  });

  it("says why, in words", () => {
    const verdict = judgeText(decoded("да ".repeat(20)), evidence(9000));
    expect(verdict).toMatchObject({ rule: "repetition", reason: '"да" 20 times in a row' });
  });
});

describe("measures", () => {
  it.each([
    "The quick brown fox jumps over the lazy dog, and then it goes home to sleep because it was tired from running.",
    "Сегодня мы поговорим о том, как устроена система распознавания речи и почему она иногда ошибается.",
    "我们今天去公园散步然后一起吃饭真的很开心希望下次还能再来",
    "Thank you. ".repeat(10),
    "Спасибо за просмотр! ".repeat(6),
    "谢谢观看".repeat(10),
    "I don't know what to do. I don't know what to do. I don't know what to do.",
  ])("the compression ratio of %j is on the same side of 2.4 as zlib's, and near it below", (text) => {
    const bytes = new TextEncoder().encode(text);
    const zlib = bytes.length / deflateSync(bytes).length;
    expect(compressionRatio(text) > 2.4).toBe(zlib > 2.4);
    if (zlib < 2.4) expect(Math.abs(compressionRatio(text) - zlib)).toBeLessThan(0.35);
  });

  it("finds the repetition that covers the most", () => {
    expect(longestRepetition("x a b a b a b y y".split(" "))).toEqual({ words: ["a", "b"], times: 3 });
    expect(longestRepetition("a b c".split(" "))).toBeUndefined();
    expect(longestRepetition([])).toBeUndefined();
  });

  it("knows a phantom phrase also when it is repeated, and only as a whole", () => {
    expect(isPhantomPhrase("Thank you. Thank you. Thank you.")).toBe(true);
    expect(isPhantomPhrase("ご視聴ありがとうございました。")).toBe(true);
    expect(isPhantomPhrase("Весёлая музыка")).toBe(true);
    expect(isPhantomPhrase("Thank you, I will take the second one.")).toBe(false);
    expect(isPhantomPhrase("Музыка играла громко")).toBe(false);
    expect(isPhantomPhrase("...")).toBe(false);
  });
});
