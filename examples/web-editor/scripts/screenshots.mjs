/**
 * `npm run screenshots -w @stt/example-web-editor [NAME...]`: pictures of the editor for docs/images, made with the built server, a
 * real browser and a recording as its microphone; IMAGES names another folder. Needs Chromium (CHROMIUM_PATH), ffmpeg, which makes them small, and `npm run build`.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createServer } from "@stt/server";
import { chromium } from "playwright-core";
import { PICTURES } from "./pictures.mjs";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const IMAGES = process.env.IMAGES ?? path.join(ROOT, "docs/images");
/** Enough for letters on paper and their edges. */
const COLOURS = 96;

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
const line = await cuttableLine(dataPort);
try {
  for (const picture of PICTURES) if (only.length === 0 || only.includes(picture.name)) await take(picture);
} finally {
  line.close();
  await server.close();
  rmSync(directory, { recursive: true, force: true });
}

async function take(picture) {
  const { name, hears, locale = "en-US", theme = "light", forcedColors, preferences, show } = picture;
  const { width = 1100, height = 720 } = picture;
  const args = ["--no-sandbox", "--disable-gpu"];
  if (hears !== null) {
    const file = path.join(directory, `${name}.wav`);
    writeFileSync(file, recording(hears));
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
      ...(forcedColors ? { forcedColors: "active" } : {}),
      viewport: { width, height },
      ...(width < 500 ? { deviceScaleFactor: 2, hasTouch: true, isMobile: true } : { deviceScaleFactor: 1.5 }),
      permissions: ["microphone", "clipboard-read", "clipboard-write"],
    });
    await context.addInitScript(
      (remembered) => {
        localStorage.setItem("stt-editor.preferences", localStorage.getItem("stt-editor.preferences") ?? remembered);
      },
      JSON.stringify({ introduced: true, language: locale.slice(0, 2), ...preferences }),
    );
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${line.port}/editor`);
    await show(page, { recording, line });
    await save(await page.screenshot(), name);
  } finally {
    await browser.close();
    line.mend();
  }
}

/** The way to the server, which can be cut. */
async function cuttableLine(port) {
  const sockets = new Set();
  let isCut = false;
  const proxy = net.createServer((near) => {
    if (isCut) return near.destroy();
    const far = net.connect(port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: proxy.address().port,
    cut,
    mend: () => {
      isCut = false;
    },
    close: () => {
      cut();
      proxy.close();
    },
  };
}

/** A recording of `samples/`. */
function recording(name) {
  return readFileSync(path.join(ROOT, `samples/${name}.wav`));
}

/** With a palette of its own, a picture of a page is a third of its size. */
async function save(png, name) {
  const raw = path.join(directory, `${name}.png`);
  writeFileSync(raw, png);
  const file = path.join(IMAGES, `editor-${name}.png`);
  const palette = `split[a][b];[a]palettegen=max_colors=${COLOURS}:stats_mode=single[p];[b][p]paletteuse=dither=none`;
  execFileSync("ffmpeg", ["-y", "-loglevel", "error", "-i", raw, "-vf", palette, "-compression_level", "100", file]);
  process.stdout.write(`${path.relative(ROOT, file)}  ${Math.round(statSync(file).size / 1000)} kB\n`);
}
