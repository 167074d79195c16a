import { deflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { collapseLoops } from "../../src/speech/collapse-loops.js";
import {
  checkHallucination,
  checkSpeech,
  type DecodedText,
  type HallucinationRule,
  type SpeechEvidence,
} from "../../src/speech/hallucination-check.js";
import { isPhantomPhrase, longestRepetition, repetitiveness } from "../../src/speech/hallucination-rules.js";

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
  return checkHallucination(text, heard)?.rule ?? "ok";
}

describe("before decoding", () => {
  it("too_little_speech: a click is not worth decoding, a short word is", () => {
    expect(checkSpeech(evidence(32))).toEqual({
      kind: "no_speech",
      rule: "too_little_speech",
      reason: "only 32 ms of speech",
    });
    expect(checkSpeech(evidence(128))).toBeUndefined();
  });

  it("too_quiet: digital silence is not decoded, a whisper is", () => {
    expect(checkSpeech({ ...evidence(1000), peakRms: 0.0001 })).toMatchObject({ kind: "no_speech", rule: "too_quiet" });
    expect(checkSpeech({ ...evidence(1000), peakRms: 0.002 })).toBeUndefined();
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
    const turns = [
      "the",
      "then",
      "them",
      "this",
      "that",
      "those",
      "there",
      "thus",
      "these",
      "thing",
      "three",
      "thirst",
    ];
    const loop = turns.map((last) => `and then the next thing is ${last}`).join(" ");
    expect(ruleOf(decoded(loop), evidence(25_000))).toBe("compression");
    expect(ruleOf(decoded("Сегодня мы поговорим о том, как устроено распознавание речи."), evidence(4000))).toBe("ok");
  });

  it("too_dense: a paragraph from a tenth of a second is refused, quick speech is not", () => {
    const paragraph = "In this lesson we shall see how the different parts of the engine work together.";
    expect(ruleOf(decoded(paragraph), evidence(130))).toBe("too_dense");
    expect(ruleOf(decoded(paragraph), evidence(3200))).toBe("ok");
    expect(ruleOf(decoded("Да."), evidence(96))).toBe("ok");
  });

  it("compression: a menu that somebody reads out in Russian is no loop, though its bytes compress well", () => {
    const menu =
      "Нажмите один для записи вашего сообщения при статусе недоступен. Нажмите два для записи вашего сообщения при статусе занята. " +
      "Нажмите три для записи вашего имени. Нажмите четыре для записи временного приветствия. Для выхода нажмите звездочку.";
    const bytes = new TextEncoder().encode(menu);
    expect(bytes.length / deflateSync(bytes).length).toBeGreaterThan(2.4);
    expect(ruleOf(decoded(menu), evidence(19_000))).toBe("ok");
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

  it.each(["(upbeat music)", "[BLANK_AUDIO]", "*sighs*", "♪♪", " [Музыка] (аплодисменты)"])(
    "phantom_phrase: %j names a sound and is no speech",
    (text) => {
      expect(checkHallucination(decoded(text), evidence(2500))).toMatchObject({
        kind: "no_speech",
        rule: "phantom_phrase",
      });
    },
  );

  it("phantom_phrase: what was said beside a sound stays, and so does foreign speech", () => {
    expect(ruleOf(decoded("(laughs) Oh, come on."), evidence(1500))).toBe("ok");
    expect(ruleOf(decoded("(speaking in foreign language)"), evidence(1500))).toBe("ok");
  });

  it("improbable: refused only when the model both doubts its words and hears no speech", () => {
    const heard = evidence(2000);
    expect(ruleOf(decoded("Lorem ipsum", { logProb: -1.4, noSpeech: 0.9 }), heard)).toBe("improbable");
    // Two seconds of speech were spoken by somebody: the text is doubted, not dropped.
    expect(checkHallucination(decoded("Lorem ipsum", { logProb: -1.4, noSpeech: 0.9 }), heard)?.kind).toBe("broken");
    expect(checkHallucination(decoded("Lorem ipsum", { logProb: -1.4, noSpeech: 0.9 }), evidence(400))?.kind).toBe(
      "no_speech",
    );
    expect(ruleOf(decoded("Lorem ipsum", { logProb: -1.4, noSpeech: 0.3 }), heard)).toBe("ok");
    expect(ruleOf(decoded("Lorem ipsum", { logProb: -0.4, noSpeech: 0.9 }), heard)).toBe("ok");
  });

  it("has nothing against silence, or against an engine without figures", () => {
    expect(checkHallucination({ text: "  " }, evidence(0))).toBeUndefined();
    expect(checkHallucination({ text: "A plain sentence." }, evidence(1500))).toBeUndefined();
  });

  it("says why, in words", () => {
    const sign = checkHallucination(decoded("да ".repeat(20)), evidence(9000));
    expect(sign).toMatchObject({ kind: "broken", rule: "repetition", reason: '"да" 20 times in a row' });
  });
});

describe("measures", () => {
  it.each([
    "The quick brown fox jumps over the lazy dog, and then it goes home to sleep because it was tired from running.",
    "Сегодня мы поговорим о том, как устроена система распознавания речи и почему она иногда ошибается.",
    "我们今天去公园散步然后一起吃饭真的很开心希望下次还能再来",
    "I don't know what to do. I don't know what to do. I don't know what to do.",
  ])("%j hardly repeats itself, whatever its script", (text) => {
    expect(repetitiveness(text)).toBeLessThan(2.1);
  });

  it.each(["Thank you. ".repeat(10), "Спасибо за просмотр! ".repeat(6), "谢谢观看".repeat(10), "ha".repeat(40)])(
    "%j is mostly itself",
    (text) => {
      expect(repetitiveness(text)).toBeGreaterThan(2.5);
    },
  );

  it("counts letters, not bytes", () => {
    const english = "press one to hear it again, press two to hear the next one, press three to end";
    const russian = [...english]
      .map((letter) =>
        letter === " " || letter === "," ? letter : "абвгдежзийклмнопрстуфхцчшщ"[letter.charCodeAt(0) - 97],
      )
      .join("");
    expect(repetitiveness(russian)).toBeCloseTo(repetitiveness(english), 5);
  });

  it("finds the repetition that covers the most", () => {
    expect(longestRepetition("x a b a b a b y y".split(" "))).toEqual({ words: ["a", "b"], times: 3, start: 1 });
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

describe("collapsing loops", () => {
  const collapsed = (text: string) => {
    const words = text.split(" ");
    return collapseLoops(words)
      .map((index) => words[index])
      .join(" ");
  };

  it("keeps one turn of a loop and everything around it", () => {
    expect(collapsed(`We said: ${"and so on, ".repeat(9)}but then it rained`)).toBe(
      "We said: and so on, but then it rained",
    );
    expect(collapsed(`${"да, ".repeat(15)}конечно`)).toBe("да, конечно");
  });

  it("takes out several loops, one after another", () => {
    expect(collapsed(`${"one two ".repeat(6)}${"three four ".repeat(6)}five`)).toBe("one two three four five");
  });

  it("leaves what people repeat", () => {
    expect(collapsed("No, no, no, no, no! Row, row, row your boat")).toBe(
      "No, no, no, no, no! Row, row, row your boat",
    );
  });
});
