/**
 * `npm run screenshots -w @stt/console`: pictures of the console for docs/images, made with the built server under a real load of
 * recordings. Takes as long as the graphs show; `-- --minutes 15` for the steps of every day. Needs Chromium (CHROMIUM_PATH) and
 * `npm run build`.
 */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { startLoad } from "./live-load.mjs";

const IMAGES = fileURLToPath(new URL("../../../docs/images/", import.meta.url));
const SAMPLES = 180;
const PICTURES = [
  { name: "light" },
  { name: "dark", theme: "dark" },
  { name: "russian", locale: "ru-RU", height: 800, atEnd: true },
  { name: "narrow", theme: "dark", width: 390, height: 844 },
];

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "4" }, people: { type: "string", default: "4" } },
});
const minutes = Number(values.minutes);
mkdirSync(IMAGES, { recursive: true });
const load = await startLoad({ historyStepMs: (minutes * 60_000) / SAMPLES, people: Number(values.people) });
const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  await delay(minutes * 60_000);
  for (const picture of PICTURES) await take(picture);
} finally {
  await browser.close();
  await load.close();
}

async function take({ name, theme = "light", locale = "en-US", width = 1440, height = 1000, atEnd = false }) {
  const context = await browser.newContext({ locale, colorScheme: theme, viewport: { width, height } });
  const page = await context.newPage();
  await page.goto(load.origin);
  await page.locator(".chart canvas").first().waitFor();
  // Somebody is in mid-sentence.
  await page.locator(".state-on").nth(1).waitFor({ timeout: 60_000 });
  if (atEnd) await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.screenshot({ path: path.join(IMAGES, `console-${name}.png`) });
  await context.close();
}
