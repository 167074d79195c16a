/** The editor when the network, the server or the access is not what one wishes. */
import { wordErrorRate } from "@stt/core";
import { expect, it } from "vitest";
import { createProxy } from "../../../packages/client-web/test/support/cuttable-proxy.js";
import { RawSocket } from "../../../packages/server/test/support/raw-socket.js";
import { describeEditor, type LaunchOptions } from "./support/editor-suite.js";

const SAID = "What is on my calendar at two fifteen?";
const ENGLISH = { preferences: { language: "en" } };
const CUT_MS = 10_000;

describeEditor("the editor", null, (suite) => {
  const launch = (origin: string, options: LaunchOptions = {}) => suite.launch({ ...ENGLISH, ...options }, origin);

  it("loses nothing when the network is away for 10 seconds in mid-sentence", async () => {
    const { ports } = await suite.serve();
    const proxy = suite.keep(await createProxy(ports.dataPort));
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
    const { http, url } = await suite.serve({ maxSessions: 1 });
    const other = suite.keep(await RawSocket.start(url));
    const editor = await launch(http, { locale: "ru-RU" });
    await editor.untilState("server_full");
    expect(await editor.page.locator(".state-word").textContent()).toMatch(/^Сервер занят, повтор через \d+ с$/);
    other.close();
    await editor.untilState("connected", "listening");
  });

  it("asks for a key where the server wants one, and goes on with it", async () => {
    const key = "0123456789abcdef0123456789abcdef0123456789abcdef";
    const { http } = await suite.serve({ apiKeys: `me:${key}` });
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
    const { http } = await suite.serve();
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
