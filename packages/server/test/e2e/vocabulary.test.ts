/** A vocabulary the whole way: a person's voice, the wire, Whisper base, the text. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { foldWord, type VocabularyEntry } from "@stt/core";
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

describe("a vocabulary, on Whisper base", { timeout: 60_000 }, () => {
  it("a term that comes out misspelled is right with it, and so are its words with times", async () => {
    const { text: without } = await stream(target.url, FORWARDING, { language: "ru" });
    expect(without.toLowerCase()).not.toContain("переадресация");
    const { finals, text } = await stream(target.url, FORWARDING, { language: "ru", vocabulary: TERMS, words: true });
    expect(text).toMatch(/^переадресация всех вызовов\.?$/i);
    expect(finals[0]!.words!.map((word) => word.text).join(" ")).toBe(text);
  });

  it.each(["en_austen_amiable.wav", "ru_review.wav"])(
    "%s, which has none of the terms, keeps its words",
    async (file) => {
      const recording = { path: fileURLToPath(new URL(file, samples)) };
      const { language } = said[file]!;
      const { text: without } = await stream(target.url, recording, { language });
      const { text } = await stream(target.url, recording, { language, vocabulary: TERMS });
      expect(without).not.toBe("");
      // Marks and capitals may come out otherwise: the terms' weight moves what lies close by.
      expect(wordsOf(text)).toEqual(wordsOf(without));
    },
  );
});

function wordsOf(text: string): string[] {
  return text.split(/\s+/).map(foldWord);
}
