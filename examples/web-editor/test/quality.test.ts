/** What holds for the page in every state: no barrier that axe knows of, light to load, and still while text comes. */
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { barriers } from "../../../packages/client-web/test/support/barriers.js";
import { describeEditor, type LaunchedEditor } from "./support/editor-suite.js";

/** 150 KiB. */
const BUDGET_BYTES = 150 * 1024;

describeEditor("the page", {}, (suite) => {
  let editor: LaunchedEditor;

  it.each([
    ["en-US", "light", 1000],
    ["ru-RU", "dark", 360],
  ] as const)("has no barrier in any of its states (%s, %s, %i px)", async (locale, colorScheme, width) => {
    const preferences = { language: "en", keepsSound: true, marksDoubt: true };
    editor = await suite.launch({
      hears: "en_01",
      leadMs: 2500,
      locale,
      colorScheme,
      width,
      preferences,
    });
    const { page } = editor;
    const clean = async (state: string) => expect(await barriers(page), state).toEqual([]);
    await editor.untilState("hearing");
    await clean("hearing");
    await editor.untilFinal();
    await clean("with text and the notice of the test model");
    await page.keyboard.press("F1");
    await editor.untilState("paused");
    await clean("paused");
    const openers = page.locator(".page-header nav button");
    for (let i = 0; i < (await openers.count()); i++) {
      await openers.nth(i).click();
      const panel = page.locator(".panel");
      await panel.waitFor();
      if (i === 0) await page.locator(".entry").waitFor();
      await clean((await panel.getAttribute("aria-label"))!);
      const tab = panel.getByRole("tab", { selected: false });
      if ((await tab.count()) > 0) {
        await tab.click();
        const said = page.locator(".add-rule input").first();
        await said.fill("my address");
        await said.press("Enter");
        await page.locator(".rules li").waitFor();
        await page.locator(".add-rule [type=checkbox]").check();
        await said.fill("(open");
        await said.press("Enter");
        await page.locator(".add-rule [aria-invalid=true]").waitFor();
        await clean("replacements, with a pattern that cannot be read");
      }
      await page.keyboard.press("Escape");
      await panel.waitFor({ state: "detached" });
    }
    await editor.field.focus();
    await page.keyboard.press("Control+k");
    await page.locator(".palette").waitFor();
    await clean("palette");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+f");
    await page.locator(".find").waitFor();
    await page.keyboard.type("a");
    await clean("find");
    await page.keyboard.press("Escape");
    await editor.field.focus();
    await editor.field.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(0, field.value.indexOf(" ")));
    await page.locator(".teach").waitFor();
    await clean("teach");
    await page.locator(".menu > button").click();
    await clean("menu");
  });

  it.each([
    ["the first run", { introduced: false }],
    ["no microphone", { hears: null }],
  ] as const)("has no barrier with %s", async (_, options) => {
    editor = await suite.launch(options);
    if ("hears" in options) await editor.untilState("no_microphone");
    else await editor.page.locator(".step[data-state=done]").first().waitFor();
    expect(await barriers(editor.page)).toEqual([]);
  });

  it.each(["en-US", "ru-RU"])("loads in less than 150 kB, letters included (%s)", async (locale) => {
    editor = await suite.launch({ locale });
    const { page } = editor;
    await editor.untilState("connected", "listening");
    await page.evaluate(() => document.fonts.ready);
    const names = await page.evaluate(() => [
      location.href,
      ...performance.getEntriesByType("resource").map(({ name }) => name),
    ]);
    const files = [...new Set(names)].filter((name) => !name.includes("/v1/"));
    let bytes = 0;
    for (const name of files) {
      const response = await fetch(name);
      const body = Buffer.from(await response.arrayBuffer());
      bytes += response.headers.get("content-encoding") === "gzip" ? gzipSync(body, { level: 9 }).length : body.length;
    }
    expect(files.some((name) => name.endsWith(".woff2"))).toBe(true);
    expect(files.some((name) => /word-file|history-panel|palette|panels\.|files-tray/.test(name))).toBe(false);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(BUDGET_BYTES);
  });

  it("does not move anything while text arrives", async () => {
    editor = await suite.launch({
      hears: "en_paragraph_1",
      leadMs: 2500,
      preferences: { language: "en" },
    });
    const { page } = editor;
    await editor.untilState("connected", "listening");
    await page.evaluate(() => {
      const shifts: string[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        const entries = list.getEntries() as (PerformanceEntry & { sources: { node?: Node }[] })[];
        for (const { node } of entries.flatMap(({ sources }) => sources)) {
          const element = node instanceof Element ? node : node?.parentElement;
          // A word that is corrected pushes those behind it; nothing else may.
          if (!element?.closest(".copy")) shifts.push(`${element?.className}`);
        }
      }).observe({ type: "layout-shift" });
    });
    await editor.untilFinal(1);
    const firstWord = () =>
      page.evaluate(() => {
        const range = document.createRange();
        range.setStart(document.querySelector(".copy span")!.firstChild!, 0);
        range.setEnd(document.querySelector(".copy span")!.firstChild!, 4);
        const { x, y, width, height } = range.getBoundingClientRect();
        return [x, y, width, height];
      });
    const before = await firstWord();
    await editor.untilFinal(3);
    expect(await firstWord()).toEqual(before);
    expect(await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)).toEqual([]);
  });

  it("opens without its server, with the text that is kept, and connects when it is back", async () => {
    editor = await suite.launch();
    const { page } = editor;
    await editor.field.fill("Kept on this device.");
    await page.evaluate(() => navigator.serviceWorker.ready);
    await expect.poll(() => page.evaluate(() => caches.match("./").then((found) => found !== undefined))).toBe(true);
    await page.context().setOffline(true);
    await page.reload();
    await expect.poll(() => editor.text()).toBe("Kept on this device.");
    await editor.button("History").click();
    await page.locator(".panel").waitFor();
    await page.context().setOffline(false);
    await editor.untilState("connected", "listening");
    const manifest = await (await fetch(`${suite.server.http}/editor/manifest.webmanifest`)).json();
    for (const { src } of manifest.icons as { src: string }[])
      expect((await fetch(`${suite.server.http}/editor/${src}`)).status).toBe(200);
  });
});
