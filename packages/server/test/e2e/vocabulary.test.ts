/** A vocabulary the whole way: a person's voice, the wire, Whisper base, the text. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { VocabularyEntry } from "@stt/core";
import { path as modelPath } from "@stt/model-whisper-base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stream } from "../support/stream-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const samples = new URL("../../../../samples/human/", import.meta.url);
const said: Record<string, { language: string }> = JSON.parse(
  readFileSync(new URL("transcripts.json", samples), "utf8"),
);
/** «Переадресация всех вызовов.» */
const FORWARDING = { path: fileURLToPath(new URL("../fixtures/human/ru_forwarding.wav", import.meta.url)) };
const TERMS: VocabularyEntry[] = [
  "переадресация",
  "Астериск",
  { term: "Kubernetes", soundsLike: ["cooper netties"] },
  "Grafana",
  "Мандельштам",
  "Нижневартовск",
];

let target: TestServer;
beforeAll(async () => {
  target = await createTestServer({
    whisperModel: modelPath,
    realtimeModelType: modelPath,
    finalAudioContext: "auto",
    partialAudioContext: "auto",
  });
}, 60_000);
afterAll(() => target?.server.close());

describe("a vocabulary, on Whisper base", { timeout: 180_000 }, () => {
  it("a term that comes out misspelled is right with it", async () => {
    const { text: without } = await stream(target.url, FORWARDING, { language: "ru" });
    expect(without.toLowerCase()).not.toContain("переадресация");
    const { text, finals } = await stream(target.url, FORWARDING, { language: "ru", vocabulary: TERMS, words: true });
    expect(text).toMatch(/^переадресация всех вызовов\.?$/i);
    expect(finals[0]!.words!.map((word) => word.text).join(" ")).toBe(text);
  });

  it("live text has it as the final does", async () => {
    const { partials, text } = await stream(target.url, FORWARDING, { language: "ru", vocabulary: TERMS, pace: 1 });
    expect(text).toMatch(/^переадресация/i);
    const shown = partials.map(({ committed, tentative }) => `${committed} ${tentative}`.trim());
    // Before the word is over it may be anything.
    expect(shown.at(-1)).toMatch(/переадресация/i);
  });

  it.each(["en_austen_amiable.wav", "en_austen_selfish.wav", "ru_invalid_number.wav", "ru_review.wav"])(
    "%s, which has none of the terms, is as it was",
    async (file) => {
      const recording = { path: fileURLToPath(new URL(file, samples)) };
      const { language } = said[file]!;
      const { text: without } = await stream(target.url, recording, { language });
      const { text } = await stream(target.url, recording, { language, vocabulary: TERMS });
      expect(without).not.toBe("");
      expect(text).toBe(without);
    },
  );
});
