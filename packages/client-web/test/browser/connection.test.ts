/** A real browser's WebSockets against the scripted session. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createTestServer as createScriptedServer,
  type TestServer as ScriptedServer,
} from "../../../client-node/test/support/ws-server.js";
import { launchChromium, skipWithoutChromium, type TestBrowser } from "../support/chromium.js";
import { createSite, type Site } from "../support/site.js";

describe.skipIf(skipWithoutChromium)("connections of Chromium", { timeout: 60_000 }, () => {
  let server: ScriptedServer;
  let site: Site;
  let chromium: TestBrowser;

  beforeEach(async () => {
    server = await createScriptedServer();
    site = await createSite();
    chromium = await launchChromium();
  }, 60_000);
  afterEach(async () => {
    await chromium?.close();
    await site?.close();
    await server?.close();
  });

  it("ask for a token every time, and carry it in a subprotocol and never in the address", async () => {
    const page = await chromium.browser.newPage();
    await page.goto(site.url);
    await page.exposeFunction("cutNetwork", () => server.cut());
    const status = await page.evaluate(async (url) => {
      let asked = 0;
      const client = stt.createSttClient({ url, token: async () => `t${++asked}`, reconnect: { initialDelayMs: 1 } });
      await client.start();
      const again = new Promise((resolve) => client.on("ready", resolve));
      await (globalThis as unknown as { cutNetwork(): Promise<void> }).cutNetwork();
      await again;
      client.push(new Uint8Array(3200));
      await client.stop();
      return client.getSnapshot().status;
    }, server.url);
    expect(status).toBe("idle");
    expect(server.upgrades.map((headers) => headers["sec-websocket-protocol"])).toEqual([
      "stt.v1, stt.bearer.t1",
      "stt.v1, stt.resume.session-1, stt.bearer.t2",
    ]);
    expect(server.paths).toEqual(["/v1/stream", "/v1/stream"]);
    expect(server.sessions.flatMap((session) => session.violations)).toEqual([]);
  });

  it("go to the server of the page when no other is named", async () => {
    const page = await chromium.browser.newPage();
    await page.goto(site.url);
    const asked = page.waitForEvent("websocket");
    await page.evaluate(() => stt.failure(() => stt.createSttClient({ connectTimeoutMs: 3000 }).connect()));
    expect((await asked).url()).toBe(`${site.url.replace("http", "ws")}v1/stream`);
  });
});
