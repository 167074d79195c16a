/**
 * `npm run screenshots -w @stt/example-web-editor`: pictures of the editor for docs/images, made with the built server, a real
 * browser and a recording as its microphone. Needs Chromium (CHROMIUM_PATH) and `npm run build`.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "@stt/server";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const IMAGES = path.join(ROOT, "docs/images");

/** What to photograph: while it is being spoken into, unless it says otherwise. */
const PICTURES = [
  { name: "light", hears: "human/en_austen_leisure", language: "en", until: tentative(50) },
  { name: "dark", hears: "human/en_kennedy", language: "en", theme: "dark", until: tentative(50) },
  { name: "russian", hears: "human/ru_all_busy", language: "ru", locale: "ru-RU", until: tentative(50) },
  { name: "narrow", hears: "human/en_austen_leisure", language: "en", width: 320, height: 640, until: tentative(40) },
  {
    name: "narrow-russian",
    hears: "human/ru_review",
    language: "ru",
    locale: "ru-RU",
    width: 320,
    height: 640,
    until: tentative(30),
  },
  { name: "error", hears: null, locale: "en-US", until: (page) => page.locator(".notice-bad").waitFor() },
  { name: "first-run", hears: "silence_20s", ask: true, until: (page) => page.locator(".first-run").waitFor() },
];

const only = process.argv.slice(2);
const directory = mkdtempSync(path.join(tmpdir(), "stt-screenshots-"));
mkdirSync(IMAGES, { recursive: true });
const server = createServer({
  config: {
    controlPort: 0,
    dataPort: 0,
    whisperModel: "base",
    realtimeModelType: "base",
    postSpeechSilenceDurationMs: 700,
  },
});
const { dataPort } = await server.listen();
try {
  for (const picture of PICTURES) if (only.length === 0 || only.includes(picture.name)) await take(picture);
} finally {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
}

async function take({
  name,
  hears,
  language,
  locale = "en-US",
  theme = "light",
  width = 860,
  height = 600,
  ask,
  until,
}) {
  const args = ["--no-sandbox", "--disable-gpu"];
  if (hears !== null) {
    const file = path.join(directory, `${name}.wav`);
    writeFileSync(file, readFileSync(path.join(ROOT, `samples/${hears}.wav`)));
    args.push("--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${file}%noloop`);
  }
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args,
  });
  try {
    const context = await browser.newContext({
      locale,
      colorScheme: theme,
      viewport: { width, height },
      deviceScaleFactor: 2,
      ...(ask ? {} : { permissions: ["microphone"] }),
    });
    await context.addInitScript((preferences) => {
      localStorage.setItem("stt-editor.preferences", preferences);
    }, JSON.stringify({ language }));
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${dataPort}/editor`);
    await until(page);
    const file = path.join(IMAGES, `editor-${name}.png`);
    await page.screenshot({ path: file });
    process.stdout.write(`${path.relative(ROOT, file)}  ${Math.round(readFileSync(file).length / 1000)} kB\n`);
  } finally {
    await browser.close();
  }
}

/** Live text is on the page, after so many letters of text. */
function tentative(letters) {
  return (page) =>
    page.waitForFunction(
      (count) =>
        (document.querySelector("textarea")?.value.length ?? 0) > count &&
        document.querySelector(".tentative") !== null,
      letters,
      { polling: 50, timeout: 90_000 },
    );
}
