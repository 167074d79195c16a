/** Detection among candidates, by the model that comes with the server, of people's voices. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { path as modelPath } from "@stt/model-whisper-base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WhisperEngine } from "../../src/engines/whisper/whisper-engine.js";
import { silentLog } from "../../src/observability/log.js";
import { pcmOf } from "../support/audio-files.js";

const folder = new URL("../../../../samples/human/", import.meta.url);
const said: Record<string, { language: string }> = JSON.parse(
  readFileSync(new URL("transcripts.json", folder), "utf8"),
);
const inLanguage = (code: string) => Object.keys(said).filter((file) => said[file]!.language === code);

/** The first two seconds. */
function beginningOf(file: string): Float32Array {
  const pcm = pcmOf(fileURLToPath(new URL(file, folder)));
  return Float32Array.from(pcm.subarray(0, 32_000), (value) => value / 32_768);
}

let engine: WhisperEngine;
beforeAll(async () => {
  engine = await WhisperEngine.open({ modelPath, modelName: "base", device: "cpu", concurrency: 1, log: silentLog });
}, 60_000);
afterAll(() => engine?.close());

async function detect(file: string, languages: Record<string, number>) {
  const options = { language: "auto", languages, audioContext: 256, temperatureFallback: false } as const;
  const { language, languageProbability } = await engine.transcribe(beginningOf(file), options);
  return { language, probability: languageProbability! };
}

describe("candidate languages", { timeout: 60_000 }, () => {
  it.each(inLanguage("ru"))("%s is Russian among English and Russian, and never Russian among others", async (file) => {
    const right = await detect(file, { en: 1, ru: 1 });
    expect(right.language).toBe("ru");
    expect(right.probability).toBeGreaterThan(0.5);
    expect(["en", "fr"]).toContain((await detect(file, { en: 1, fr: 1 })).language);
  });

  it.each(inLanguage("en"))("%s is English among English and Russian", async (file) => {
    expect((await detect(file, { en: 1, ru: 1 })).language).toBe("en");
  });

  it("weights tilt the choice; the probability is that of the audio alone", async () => {
    const [file] = inLanguage("ru");
    const alike = await detect(file!, { en: 1, ru: 1 });
    const tilted = await detect(file!, { en: 1e9, ru: 1 });
    expect(tilted.language).toBe("en");
    expect(tilted.probability).toBeCloseTo(1 - alike.probability, 5);
  });

  it("a weight of zero rules a language out", async () => {
    const [file] = inLanguage("ru");
    expect((await detect(file!, { en: 1, ru: 0 })).language).toBe("en");
  });
});
