import { FakeEngine } from "@stt/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { recording, speechless } from "../support/recordings.js";
import { stream } from "../support/stream-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const PHRASES = { en: "Thank you.", ru: "Спасибо за просмотр!" } as const;

let target: TestServer | undefined;
afterEach(() => target?.server.close());

/** The real voice activity detector in front of an engine that hears the phrase in everything, as large models do in silence. */
async function haunted(phrase: string): Promise<string> {
  const unsure = { noSpeechProbability: 0.8, averageLogProbability: -0.4, tokenCount: 4, startMs: 0, endMs: 1000 };
  const engine = new FakeEngine({ answers: { text: phrase, segments: [{ text: phrase, ...unsure }] } });
  target = await createTestServer({}, { engine });
  return target.url;
}

describe("a thank-you that is spoken aloud", () => {
  it("survives, as the built-in model hears it", async () => {
    target = await createTestServer();
    const { text } = await stream(target.url, recording("en_thank_you"), { language: "en" });
    expect(text).toBe("Thank you.");
  });

  it.each([
    ["en", "en_thank_you"],
    ["ru", "ru_thanks_for_watching"],
  ] as const)("survives in %s, although models invent the phrase", async (language, name) => {
    const { text } = await stream(await haunted(PHRASES[language]), recording(name), { language });
    expect(text).toBe(PHRASES[language]);
  });
});

describe.each(["en", "ru"] as const)("the same phrase in %s, invented", (language) => {
  it.each(speechless)("for $name, is no final", async (each) => {
    const { finals } = await stream(await haunted(PHRASES[language]), each, { language });
    expect(finals).toEqual([]);
  });
});
