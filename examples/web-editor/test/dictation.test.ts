/** Speaking into the editor. */
import { wordErrorRate } from "@stt/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { skipWithoutChromium } from "../../../packages/client-web/test/support/chromium.js";
import { createTestServer, type TestServer } from "../../../packages/server/test/support/test-server.js";
import { EditorPage, requireBuiltEditor } from "./support/editor-page.js";

const SAID = "What is on my calendar at two fifteen?";
const ENGLISH = { preferences: { language: "en" } };

describe.skipIf(skipWithoutChromium)("the editor", { timeout: 90_000 }, () => {
  let server: TestServer;
  let editor: Awaited<ReturnType<typeof EditorPage.launch>> | undefined;

  beforeAll(async () => {
    requireBuiltEditor();
    server = await createTestServer({ postSpeechSilenceDurationMs: 500 });
  }, 60_000);
  afterAll(() => server?.server.close());
  afterEach(() => editor?.close());

  it("listens by itself, writes what is said, and violates no policy of its server", async () => {
    editor = await EditorPage.launch(server.http, { hears: "en_01", ...ENGLISH });
    await editor.untilState("connected", "listening", "hearing");
    await editor.untilFinal();
    expect(wordErrorRate(SAID, await editor.text()).errors).toBe(0);
    await expect.poll(() => editor!.page.locator(".small-print").textContent()).toMatch(/micro.*CPU.*\d ms/);
    expect(editor.faults).toEqual([]);
  });
});
