import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WhisperEngine } from "../../src/engines/whisper/whisper-engine.js";
import { silentLog } from "../../src/observability/log.js";
import { folded, microModel, sample } from "./support.js";

describe("WhisperEngine", () => {
  let engine: WhisperEngine;

  beforeAll(async () => {
    engine = await WhisperEngine.open({ modelPath: microModel, modelName: "micro", device: "cpu", log: silentLog });
  });
  afterAll(() => engine.close());

  it.each(["en_01", "en_02", "en_05", "ru_01", "ru_03", "ru_05"])("recognises %s", async (name) => {
    const { audio, text, language } = sample(name);
    const result = await engine.transcribe(audio, { language });
    expect(folded(result.text)).toBe(folded(text));
    expect(result.language).toBe(language);
    expect(result.languageProbability).toBeUndefined();
    expect(result.audioMs).toBeCloseTo(audio.length / 16);
    expect(result.computeMs).toBeGreaterThan(0);
  });
});
