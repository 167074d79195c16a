/**
 * `npm run screenshots -w @stt/console`: pictures of the console for docs/images, made with the built server under a real load of
 * recordings. Takes as long as the graphs show; `-- --minutes 15` for the steps of every day. Needs Chromium (CHROMIUM_PATH) and
 * `npm run build`.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
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
  { name: "models", only: ".models" },
  { name: "russian", locale: "ru-RU", height: 660, at: ".configuration" },
  { name: "narrow", theme: "dark", width: 390, height: 844 },
  { name: "narrow-russian", locale: "ru-RU", width: 390, height: 844, at: ".sessions" },
];
/** What a hub sends of a model each second. */
const PIECE = Buffer.alloc(200_000);
const MODEL_BYTES = 75 * 2 ** 20;

const { values } = parseArgs({
  options: { minutes: { type: "string", default: "4" }, people: { type: "string", default: "3" } },
});
const minutes = Number(values.minutes);
mkdirSync(IMAGES, { recursive: true });
const hub = await slowHub();
const modelDir = mkdtempSync(path.join(tmpdir(), "stt-screenshots-"));
const load = await startLoad({
  historyStepMs: (minutes * 60_000) / SAMPLES,
  people: Number(values.people),
  config: { modelDir, modelBaseUrl: hub.url },
});
const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const name of ["tiny", "medium"]) await fetch(`${load.origin}/v1/models/${name}/pull`, { method: "POST" });
  await delay(minutes * 60_000);
  for (const picture of PICTURES) await take(picture);
} finally {
  await browser.close();
  await load.close();
  hub.close();
  rmSync(modelDir, { recursive: true, force: true });
}

/** A download that lasts, and a model that is not there. */
async function slowHub() {
  const server = createServer((request, response) => {
    if (!request.url.includes("tiny")) return response.writeHead(404).end();
    response.writeHead(200, { "content-length": MODEL_BYTES });
    const timer = setInterval(() => response.write(PIECE), 1000);
    response.on("close", () => clearInterval(timer));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

async function take({ name, theme = "light", locale = "en-US", width = 1280, height = 800, at, only }) {
  const context = await browser.newContext({ locale, colorScheme: theme, viewport: { width, height } });
  const page = await context.newPage();
  await page.goto(load.origin);
  await page.locator(".chart canvas").first().waitFor();
  // Two are in mid-sentence.
  await page.locator(".state-on").nth(1).waitFor({ timeout: 60_000 });
  if (at) await page.locator(at).evaluate((element) => element.scrollIntoView());
  await (only ? page.locator(only) : page).screenshot({ path: path.join(IMAGES, `console-${name}.png`) });
  await context.close();
}
