/** The editor when the network, the server or the access is not what one wishes. */
import { wordErrorRate } from "@stt/core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { skipWithoutChromium } from "../../../packages/client-web/test/support/chromium.js";
import { createProxy } from "../../../packages/client-web/test/support/cuttable-proxy.js";
import { RawSocket } from "../../../packages/server/test/support/raw-socket.js";
import { createTestServer } from "../../../packages/server/test/support/test-server.js";
import { EditorPage, requireBuiltEditor } from "./support/editor-page.js";

const SAID = "What is on my calendar at two fifteen?";
const ENGLISH = { preferences: { language: "en" } };
const CUT_MS = 10_000;

describe.skipIf(skipWithoutChromium)("the editor", { timeout: 120_000 }, () => {
  const open: { close(): unknown }[] = [];
  beforeAll(requireBuiltEditor);
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });

  async function serve(config: Parameters<typeof createTestServer>[0] = {}) {
    const target = await createTestServer({ postSpeechSilenceDurationMs: 500, ...config });
    open.push(target.server);
    return target;
  }

  async function launch(origin: string, options: Parameters<typeof EditorPage.launch>[1] = {}) {
    const editor = await EditorPage.launch(origin, { ...ENGLISH, ...options });
    open.push(editor);
    return editor;
  }

  it("loses nothing when the network is away for 10 seconds in mid-sentence", async () => {
    const { ports } = await serve();
    const proxy = await createProxy(ports.dataPort);
    open.push(proxy);
    const editor = await launch(proxy.url.replace("ws:", "http:"), { hears: "en_01", leadMs: 2500 });
    await editor.untilState("hearing");
    const cutAt = performance.now();
    proxy.cut();
    await editor.untilState("reconnecting");
    await editor.field.press("End");
    await expect
      .poll(
        async () => {
          expect(await editor.state()).toBe("reconnecting");
          return performance.now() - cutAt;
        },
        { timeout: 2 * CUT_MS, interval: 200 },
      )
      .toBeGreaterThan(CUT_MS);
    proxy.mend();
    await editor.untilFinal();
    expect(wordErrorRate(SAID, await editor.text()).errors).toBe(0);
  });

  it("waits for a place on a full server, says so, and goes on when there is one", async () => {
    const { http, url } = await serve({ maxSessions: 1 });
    const other = await RawSocket.start(url);
    open.push(other);
    const editor = await launch(http, { locale: "ru-RU" });
    await editor.untilState("server_full");
    expect(await editor.page.locator(".state-word").textContent()).toMatch(/^Сервер занят, повтор через \d+ с$/);
    other.close();
    await editor.untilState("connected", "listening");
  });

  it("asks for a key where the server wants one, and goes on with it", async () => {
    const key = "0123456789abcdef0123456789abcdef0123456789abcdef";
    const { http } = await serve({ apiKeys: `me:${key}` });
    const editor = await launch(http);
    const { page } = editor;
    const alert = page.getByRole("alert");
    await expect.poll(() => alert.textContent()).toContain("wants an access key");
    await page.getByLabel("Access key").fill(key);
    await page.keyboard.press("Enter");
    await editor.untilState("connected", "listening");
    await page.reload();
    await editor.untilState("connected", "listening");
    expect(page.url()).not.toContain(key);
  });

  it("writes what is said to it and not what is said to another", async () => {
    const { http } = await serve();
    const [one, two] = await Promise.all([
      launch(http, { hears: "en_01", leadMs: 3000 }),
      launch(http, { hears: "en_04", leadMs: 3000 }),
    ]);
    await Promise.all([one.untilFinal(), two.untilFinal()]);
    const texts = [await one.text(), await two.text()];
    // Two browsers and their decoders on one machine may drop a few milliseconds of a fake microphone: a word, not a sentence.
    expect(wordErrorRate(SAID, texts[0]!).errors).toBeLessThanOrEqual(1);
    expect(wordErrorRate("When does the hospital open?", texts[1]!).errors).toBeLessThanOrEqual(1);
    expect(texts[0]).not.toMatch(/hospital/i);
    expect(texts[1]).not.toMatch(/calendar/i);
  });
});
