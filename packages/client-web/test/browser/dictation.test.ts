/** The microphone of a real browser to text of the real server. */

import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestServer, type TestServer } from "../../../server/test/support/test-server.js";
import { launchChromium, skipWithoutChromium, type TestBrowser } from "../support/chromium.js";
import { createSite, type Site } from "../support/site.js";

describe.skipIf(skipWithoutChromium)("dictation in Chromium", () => {
  let server: TestServer;
  let site: Site;
  let chromium: TestBrowser;

  beforeAll(async () => {
    server = await createTestServer();
    site = await createSite();
    chromium = await launchChromium({ hears: "en_01" });
  }, 60_000);
  afterAll(async () => {
    await chromium?.close();
    await site?.close();
    await server?.server.close();
  });

  it("turns what the microphone hears into text", async () => {
    const page = await chromium.browser.newPage();
    await page.goto(site.url);
    const result = await page.evaluate(async (url) => {
      const client = stt.createSttClient({ url, language: "en", endpointing: { silenceMs: 500 } });
      const levels: number[] = [];
      const mic = await stt.microphone({ echoCancellation: false, noiseSuppression: false, autoGainControl: false });
      mic.on("level", ({ rms }) => levels.push(rms));
      const final = new Promise((resolve) => client.on("final", resolve));
      await client.start(mic);
      await final;
      const text = await client.stop();
      return {
        text,
        peak: Math.max(...levels),
        state: mic.state,
        status: client.getSnapshot().status,
        device: mic.device,
      };
    }, server.url);
    expect(wordErrorRate("What is on my calendar at two fifteen?", result.text).errors).toBe(0);
    expect(result.peak).toBeGreaterThan(0.01);
    expect(result).toMatchObject({ state: "ended", status: "idle" });
  });
});
