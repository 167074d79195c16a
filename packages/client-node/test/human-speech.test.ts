/** People's voices through the whole path: file, client, socket, server, a real Whisper model, text. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createSttClient, fileSource } from "@stt/client-node";
import { paced, systemClock, wordErrorRate } from "@stt/core";
import { path as model } from "@stt/model-whisper-base";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { speechless } from "../../server/test/support/recordings.js";
import { createTestServer, type TestServer } from "../../server/test/support/test-server.js";

const folder = new URL("../../../samples/human/", import.meta.url);
const said: Record<string, { language: string; text: string }> = JSON.parse(
  readFileSync(new URL("transcripts.json", folder), "utf8"),
);

/** Words that base mistakes; in all other recordings it mistakes none. */
const MISTAKES: Record<string, number> = {
  // "не слышит" for "не слышат"
  "ru_microphone.wav": 1,
};

let target: TestServer;
beforeAll(async () => {
  target = await createTestServer({
    whisperModel: model,
    realtimeModelType: model,
    finalAudioContext: "auto",
    partialAudioContext: "auto",
  });
}, 120_000);
afterAll(() => target?.server.close());

async function transcribe(path: string, language: string) {
  const client = createSttClient({ url: target.url, language });
  const languages = new Set<string>();
  client.on("final", (event) => languages.add(event.language));
  try {
    return { text: await client.transcribe(await fileSource(path)), languages: [...languages] };
  } finally {
    await client.close();
  }
}

function expectWords(file: string, heard: string): void {
  const { errors } = wordErrorRate(said[file]!.text, heard);
  expect(errors, `${file} came back as: ${heard}`).toBeLessThanOrEqual(MISTAKES[file] ?? 0);
}

describe("what people say comes back in their words", { timeout: 120_000 }, () => {
  it.each(Object.keys(said))("%s", async (file) => {
    const { text } = await transcribe(fileURLToPath(new URL(file, folder)), said[file]!.language);
    expectWords(file, text);
  });

  it.each(["en_austen_selfish.wav", "ru_invalid_number.wav"])("%s, in the language that is detected", async (file) => {
    const { text, languages } = await transcribe(fileURLToPath(new URL(file, folder)), "auto");
    expect(languages).toEqual([said[file]!.language]);
    expectWords(file, text);
  });
});

/** Speaks a recording at the pace of speech; `lost` lists what was shown as certain and taken back. */
async function dictate(file: string) {
  const client = createSttClient({ url: target.url, language: said[file]!.language });
  const lost: string[] = [];
  let committed = "";
  let shown = 0;
  client.on("partial", (event) => {
    if (!event.committed.startsWith(committed)) lost.push(`"${committed}" became "${event.committed}"`);
    committed = event.committed;
    if (committed !== "") shown += 1;
  });
  client.on("discarded", (event) => {
    if (committed !== "") lost.push(`"${committed}" came to nothing: ${event.rule}`);
  });
  client.on("final", () => {
    committed = "";
  });
  try {
    const ended = new Promise<void>((resolve) => client.on("source_end", () => resolve()));
    await client.start(paced(await fileSource(fileURLToPath(new URL(file, folder))), systemClock));
    await ended;
    return { file, text: await client.stop(), shown, lost };
  } finally {
    await client.close();
  }
}

describe("what was shown as certain is never taken back", { timeout: 180_000 }, () => {
  it("from one speaker, who sees live text", async () => {
    const { file, text, shown, lost } = await dictate("ru_voicemail.wav");
    expect(shown).toBeGreaterThan(0);
    expect(lost).toEqual([]);
    expectWords(file, text);
  });

  it("from nine people at once, more than the machine follows, and each gets all of the text", async () => {
    for (const { file, text, lost } of await Promise.all(Object.keys(said).map(dictate))) {
      expect(lost, file).toEqual([]);
      expectWords(file, text);
    }
  });
});

describe("where nobody speaks there is no text", { timeout: 60_000 }, () => {
  it.each(speechless.map(({ name, path }) => [name, path]))("%s", async (_, path) => {
    expect((await transcribe(path, "auto")).text).toBe("");
  });
});
