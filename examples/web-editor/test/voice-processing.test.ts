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

  it.each([
    ["as the page asks for it", undefined],
    ["with echo cancellation, noise suppression and automatic gain", true],
    ["with none of them", false],
  ])("is written right, %s", async (_, processing) => {
    editor = await EditorPage.launch(server.http, {
      hears: "human/en_austen_amiable",
      leadMs: 2500,
      preferences: { language: "en" },
      processing,
    });
    await editor.untilFinal();
    const { errors } = wordErrorRate("He might even have been made amiable himself.", await editor.text());
    expect(errors, await editor.text()).toBeLessThanOrEqual(1);
  });
});
