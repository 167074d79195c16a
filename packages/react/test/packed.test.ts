/** The packed tarballs in a fresh Vite project with React 18, dictated to in Chromium. Needs `npm run build`. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { wordErrorRate } from "@stt/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium, skipWithoutChromium, type TestBrowser } from "../../client-web/test/support/chromium.js";
import { createTestServer, type TestServer } from "../../server/test/support/test-server.js";
import { createFreshApp, type FreshApp } from "./support/fresh-app.js";

const SAID = "What is on my calendar at two fifteen?";
/** Chromium's microphone plays a recording over and over, from wherever it is: the toy model mishears a word of it now and then. */
const MISHEARD = 1;

describe.skipIf(skipWithoutChromium)("a fresh project with the packed tarballs", { timeout: 60_000 }, () => {
  let app: FreshApp;
  let server: TestServer;
  let chromium: TestBrowser;

  beforeAll(async () => {
    [app, server] = await Promise.all([
      createFreshApp("18"),
      createTestServer({ postSpeechSilenceDurationMs: 500, minLengthOfRecordingMs: 0 }),
    ]);
    chromium = await launchChromium({ hears: "en_01" });
  }, 180_000);
  afterAll(async () => {
    await chromium?.close();
    await server?.server.close();
    await app?.close();
  });

  async function dictate(file: string, textOf: (page: Page) => Promise<string>): Promise<string> {
    const page = await chromium.browser.newPage();
    await page.goto(`${app.url}${file}?server=${server.url}`);
    await page.getByRole("button", { name: "Speak" }).click();
    await expect.poll(() => textOf(page), { timeout: 15_000 }).toContain("fifteen");
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByRole("button", { name: "Speak" }).waitFor();
    const text = await textOf(page);
    await page.close();
    return text;
  }

  it("dictates into a plain page of at most 40 lines", async () => {
    const text = await dictate("index.html", (page) => page.getByLabel("Your message").inputValue());
    expect(wordErrorRate(SAID, text).errors).toBeLessThanOrEqual(MISHEARD);
    expect(lines("index.html")).toBeLessThanOrEqual(40);
  });

  it("dictates into a page of React 18", async () => {
    const installed = JSON.parse(readFileSync(path.join(app.directory, "node_modules/react/package.json"), "utf8"));
    expect(installed.version).toMatch(/^18\./);
    const text = await dictate("react.html", async (page) => (await page.locator("#text").textContent()) ?? "");
    expect(wordErrorRate(SAID, text.trim()).errors).toBeLessThanOrEqual(MISHEARD);
    expect(lines("app.tsx")).toBeLessThanOrEqual(40);
  });

  function lines(file: string): number {
    return readFileSync(path.join(app.directory, file), "utf8").trimEnd().split("\n").length;
  }
});
