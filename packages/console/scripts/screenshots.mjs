/**
 * `npm run screenshots -w @stt/console [NAME...]`: pictures of the console for docs/images, made with the built server under a real load of
 * recordings; IMAGES names another folder. Takes as long as the graphs show; `-- --minutes 15` for the steps of every day. Needs Chromium (CHROMIUM_PATH),
 * ffmpeg, which makes them small, and `npm run build`.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { startLoad } from "./live-load.mjs";

const IMAGES = process.env.IMAGES ?? fileURLToPath(new URL("../../../docs/images/", import.meta.url));
const SAMPLES = 180;
const RUSSIAN = { locale: "ru-RU" };
const NARROW = { width: 390, height: 844 };
const PICTURES = [
  { name: "light" },
  { name: "dark", theme: "dark" },
  { name: "models", only: ".models", show: switchModel },
  { name: "keys", only: ".keys" },
  { name: "keys-narrow", ...NARROW, ...RUSSIAN, theme: "dark", only: ".keys" },
  { name: "russian", ...RUSSIAN, height: 660, at: ".configuration" },
  { name: "narrow", theme: "dark", ...NARROW },
  { name: "narrow-russian", ...RUSSIAN, ...NARROW, at: ".sessions" },
  { name: "forced-colours", forcedColors: true },
  { name: "sign-in", ...NARROW, isStranger: true },
];
/** What a hub sends of a model each second. */
const PIECE = Buffer.alloc(200_000);
const MODEL_BYTES = 75 * 2 ** 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: "string", default: "4" }, people: { type: "string", default: "3" } },
});
const minutes = Number(values.minutes);
mkdirSync(IMAGES, { recursive: true });
const hub = await slowHub();
const modelDir = mkdtempSync(path.join(tmpdir(), "stt-screenshots-"));
const apiKeysFile = path.join(modelDir, "keys.json");
const operator = makeKey("operator", "--scope", "transcribe", "admin");
makeKey("my-app", "--sessions", "3", "--audio-minutes-per-day", "600");
makeKey("grafana", "--scope", "metrics");
const load = await startLoad({
  token: operator,
  historyStepMs: (minutes * 60_000) / SAMPLES,
  people: Number(values.people),
  config: { modelDir, modelBaseUrl: hub.url, apiKeysFile },
});
const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const name of ["tiny", "medium"]) await ask("POST", `v1/models/${name}/pull`);
  await delay(minutes * 60_000);
  for (const picture of PICTURES)
    if (positionals.length === 0 || positionals.includes(picture.name)) await take(picture);
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

/** As its operator does it. @returns the key */
function makeKey(name, ...flags) {
  const server = fileURLToPath(new URL("../../server/bin/stt-server.js", import.meta.url));
  const args = [server, "keys", "add", name, "--file", apiKeysFile, ...flags];
  return execFileSync(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"], encoding: "utf8" }).trim();
}

function ask(method, route, body) {
  const headers = { authorization: `Bearer ${operator}`, "content-type": "application/json" };
  return fetch(`${load.origin}/${route}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
}

/** A model that a restart would forget. */
async function switchModel(page) {
  await ask("PUT", "v1/models/active", { partial: "micro" });
  await page.locator(".until-restart").waitFor();
}

async function take(picture) {
  const { name, theme = "light", locale = "en-US", width = 1280, height = 800, forcedColors, isStranger } = picture;
  const context = await browser.newContext({
    locale,
    colorScheme: theme,
    viewport: { width, height },
    ...(forcedColors ? { forcedColors: "active" } : {}),
  });
  const page = await context.newPage();
  await page.goto(load.origin);
  await page.locator("#key").waitFor();
  if (!isStranger) {
    await page.locator("#key").fill(operator);
    await page.locator("#key").press("Enter");
    await page.locator(".chart canvas").first().waitFor();
    // Two are in mid-sentence.
    await page.locator(".state-on").nth(1).waitFor({ timeout: 60_000 });
  }
  await picture.show?.(page);
  if (picture.at) await page.locator(picture.at).evaluate((element) => element.scrollIntoView());
  await save(await (picture.only ? page.locator(picture.only) : page).screenshot(), name);
  await context.close();
}

/** With a palette of its own, a picture of a page is a third of its size. */
async function save(png, name) {
  const raw = path.join(modelDir, `${name}.png`);
  writeFileSync(raw, png);
  const file = path.join(IMAGES, `console-${name}.png`);
  const palette = "split[a][b];[a]palettegen=max_colors=96:stats_mode=single[p];[b][p]paletteuse=dither=none";
  execFileSync("ffmpeg", ["-y", "-loglevel", "error", "-i", raw, "-vf", palette, "-compression_level", "100", file]);
  process.stdout.write(`${path.basename(file)}  ${Math.round(statSync(file).size / 1000)} kB\n`);
}
