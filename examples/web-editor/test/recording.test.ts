/** The one large control: tapped, held, by mouse, finger and key; what it tells, and what keeps it from being cut off. */
import { wordErrorRate } from "@stt/core";
import { expect, it } from "vitest";
import { createProxy } from "../../../packages/client-web/test/support/cuttable-proxy.js";
import { describeEditor, type LaunchedEditor } from "./support/editor-suite.js";

const SAID = "What is on my calendar at two fifteen?";
const ENGLISH = { preferences: { language: "en" } };
/** Longer than a tap. */
const HELD_MS = 700;

describeEditor("the record control", {}, (suite) => {
  let editor: LaunchedEditor;

  const control = () => editor.page.locator(".record");
  const live = () => editor.untilState("connected", "listening", "hearing");

  /** Until the press has lasted so long by the page's own clock. */
  const held = () => editor.page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), HELD_MS);

  it("is tapped to pause and to go on, and held to talk, by the mouse", async () => {
    editor = await suite.launch(ENGLISH);
    const { mouse } = editor.page;
    await live();
    await control().click();
    await editor.untilState("paused");
    await control().click();
    await live();
    await control().click();
    await editor.untilState("paused");
    await control().hover();
    await mouse.down();
    await live();
    await held();
    await mouse.up();
    await editor.untilState("paused");
  });

  it("is held by a finger, and opens no menu of the browser's", async () => {
    editor = await suite.launch(ENGLISH);
    await live();
    await control().click();
    await editor.untilState("paused");
    const box = (await control().boundingBox())!;
    const touch = await editor.page.context().newCDPSession(editor.page);
    const points = [{ x: box.x + box.width / 2, y: box.y + box.height / 2 }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: points });
    await live();
    await held();
    expect(
      await editor.page.evaluate(
        () =>
          !document
            .querySelector(".record")!
            .dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true })),
      ),
    ).toBe(true);
    await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
    await editor.untilState("paused");
  });

  it("writes what was said while a key of the user's choice was held, and nothing after it", async () => {
    editor = await suite.launch({ hears: "en_01", leadMs: 5000, ...ENGLISH });
    const { keyboard } = editor.page;
    await live();
    await editor.button("Settings").click();
    await editor.page.locator(".setting button").click();
    await keyboard.press("a");
    await expect.poll(() => editor.page.locator(".panel [role=alert]").textContent()).toContain("types or is taken");
    await keyboard.press("F8");
    expect(await editor.page.locator(".setting kbd").textContent()).toBe("F8");
    await keyboard.press("Escape");
    await keyboard.press("F8");
    await editor.untilState("paused");
    await keyboard.down("F8");
    await editor.untilState("hearing");
    await editor.untilState("listening", "finishing");
    await keyboard.up("F8");
    await editor.untilFinal();
    await editor.untilState("paused");
    expect(wordErrorRate(SAID, await editor.text()).errors).toBeLessThanOrEqual(1);
    await editor.page.reload();
    await live();
    expect(await control().getAttribute("aria-keyshortcuts")).toBe("F8");
  });

  it("counts the time that was recorded, without pauses, and says what is kept while the server is away", async () => {
    const proxy = await createProxy(suite.server.ports.dataPort);
    editor = await suite.launch(ENGLISH, proxy.url.replace("ws:", "http:"));
    const facts = editor.page.locator(".record-facts");
    await live();
    await expect.poll(() => facts.textContent(), { timeout: 10_000 }).toBe("0:02");
    proxy.cut();
    await editor.untilState("reconnecting");
    await expect.poll(() => facts.textContent(), { timeout: 10_000 }).toMatch(/^[23] s kept$/);
    proxy.mend();
    await live();
    await expect.poll(() => facts.textContent()).toMatch(/^0:\d\d$/);
    await proxy.close();
  });

  it("keeps the screen on while it records, plays its cues when they are wanted, and not otherwise", async () => {
    editor = await suite.launch(ENGLISH);
    const { page } = editor;
    await page.context().grantPermissions(["microphone", "screen-wake-lock"]);
    await page.addInitScript(() => {
      if (location.origin === "null") return;
      const seen = { locks: 0, notes: 0, buzzes: 0 };
      Object.assign(window, { seen });
      const request = navigator.wakeLock.request.bind(navigator.wakeLock);
      navigator.wakeLock.request = async (type) => {
        const lock = await request(type);
        seen.locks++;
        lock.addEventListener("release", () => seen.locks--);
        return lock;
      };
      const start = OscillatorNode.prototype.start;
      OscillatorNode.prototype.start = function (when) {
        seen.notes++;
        start.call(this, when);
      };
      navigator.vibrate = () => {
        seen.buzzes++;
        return true;
      };
    });
    await page.reload();
    const seen = () => page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen);
    await live();
    await expect.poll(async () => (await seen()).locks).toBe(1);
    await control().click();
    await editor.untilState("paused");
    await expect.poll(async () => (await seen()).locks).toBe(0);
    expect(await seen()).toMatchObject({ notes: 0, buzzes: 0 });
    await editor.button("Settings").click();
    await page.getByLabel(/^Sounds/).check();
    await page.getByLabel(/^Vibration/).check();
    await control().click();
    await live();
    await expect.poll(seen).toMatchObject({ notes: 2, buzzes: 1 });
  });

  it("is not cut off by another tab in front", async () => {
    editor = await suite.launch({ hears: "en_01", leadMs: 4000, ...ENGLISH });
    await live();
    const other = await editor.page.context().newPage();
    await other.bringToFront();
    await editor.untilFinal();
    expect(wordErrorRate(SAID, await editor.text()).errors).toBe(0);
  });
});
