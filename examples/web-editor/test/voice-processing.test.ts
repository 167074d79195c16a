/** The page hears people through what their browsers do to the sound, and without. */
import { wordErrorRate } from "@stt/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { skipWithoutChromium } from "../../../packages/client-web/test/support/chromium.js";
import { createTestServer, type TestServer } from "../../../packages/server/test/support/test-server.js";
import { EditorPage, requireBuiltEditor } from "./support/editor-page.js";

describe.skipIf(skipWithoutChromium)("a person's voice", { timeout: 120_000 }, () => {
  let server: TestServer;
  let editor: Awaited<ReturnType<typeof EditorPage.launch>>;

  beforeAll(async () => {
    requireBuiltEditor();
    const model = { whisperModel: "base", realtimeModelType: "base" };
    server = await createTestServer({ ...model, postSpeechSilenceDurationMs: 700, whisperThreads: 2 });
  }, 90_000);
  afterAll(() => server?.server.close());
  afterEach(() => editor?.close());

  const AMIABLE = ["en", "human/en_austen_amiable", "He might even have been made amiable himself."] as const;
  const NUMBER = [
    "ru",
    "human/ru_invalid_number",
    "Извините, данный номер не существует. Пожалуйста, попробуйте ещё раз.",
  ] as const;

  it.each([
    ["as the page asks for it", undefined, ...AMIABLE],
    ["with echo cancellation, noise suppression and automatic gain", true, ...AMIABLE],
    ["with none of them", false, ...AMIABLE],
    ["with echo cancellation, noise suppression and automatic gain", true, ...NUMBER],
    ["with none of them", false, ...NUMBER],
  ])("is written right, %s (%#)", async (_, processing, language, hears, said) => {
    editor = await EditorPage.launch(server.http, { hears, leadMs: 2500, preferences: { language }, processing });
    await editor.untilFinal();
    // A pause may have made two utterances of it.
    const errors = async () => wordErrorRate(said, await editor.text()).errors;
    await expect.poll(errors, { timeout: 30_000 }).toBeLessThanOrEqual(1);
  });
});
