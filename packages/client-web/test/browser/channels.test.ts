/** Two channels of a real browser that would cancel each other. */
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestServer, type TestServer } from "../../../server/test/support/test-server.js";
import { launchChromium, skipWithoutChromium, type TestBrowser } from "../support/chromium.js";
import { createSite, type Site } from "../support/site.js";

describe.skipIf(skipWithoutChromium)("two channels of opposite polarity in Chromium", { timeout: 60_000 }, () => {
  let server: TestServer;
  let site: Site;
  let chromium: TestBrowser;

  beforeAll(async () => {
    server = await createTestServer();
    site = await createSite();
    chromium = await launchChromium({ hears: "en_01", opposite: true });
  }, 60_000);
  afterAll(async () => {
    await chromium?.close();
    await site?.close();
    await server?.server.close();
  });

  it("the microphone's speech is heard", async () => {
    const page = await chromium.browser.newPage();
    await page.goto(site.url);
    const text = await page.evaluate(async (url) => {
      const client = stt.createSttClient({ url, language: "en", endpointing: { silenceMs: 500 } });
      const final = new Promise((resolve) => client.on("final", resolve));
      await client.start(await stt.microphone(stt.PLAIN));
      await final;
      return client.stop();
    }, server.url);
    expect(wordErrorRate("What is on my calendar at two fifteen?", text).errors).toBe(0);
  });
});
