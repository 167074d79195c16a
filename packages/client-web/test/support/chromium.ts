/** A real browser with a recording as its microphone. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { decodeWav, encodeWav } from "@stt/core";
import { type Browser, chromium } from "playwright-core";
import { watchFaults } from "./watch-faults.js";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where the browser is. `CHROMIUM_PATH` decides if it is set. */
export const chromiumPath = process.env.CHROMIUM_PATH ?? CANDIDATES.find((candidate) => existsSync(candidate));

/** Without a browser these tests cannot say anything: on a developer's machine they are left out, in CI they fail. */
export const skipWithoutChromium = chromiumPath === undefined && process.env.CI !== "true";

export interface ChromiumOptions {
  /** Recording of `samples/` that the microphone hears; `null` for a machine without a microphone. @default silence */
  hears?: string | null;
  /** What of the recording is heard, from and to, milliseconds. @default all */
  part?: readonly [fromMs: number, toMs: number];
  /** Silence before the recording, milliseconds. @default 700 */
  leadMs?: number;
  /** The microphone has two channels, of opposite polarity. @default false */
  opposite?: boolean;
  /** Answer to the browser's question. @default true */
  allow?: boolean;
  /** Further arguments of the browser. */
  args?: readonly string[];
  /** An error in the page's console that the tests make happen; of any other they fail. @default none */
  expects?: RegExp;
}

export interface TestBrowser {
  browser: Browser;
  close(): Promise<void>;
}

export async function launchChromium(options: ChromiumOptions = {}): Promise<TestBrowser> {
  if (!chromiumPath) throw new Error("Chromium is missing: apt-get install chromium, or set CHROMIUM_PATH.");
  const { hears = "silence_20s", part, leadMs = 700, opposite = false } = options;
  const { allow = true, args: others = [], expects } = options;
  const directory = mkdtempSync(path.join(tmpdir(), "stt-chromium-"));
  const args = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=user-gesture-required", ...others];
  if (hears !== null) {
    const file = path.join(directory, "microphone.wav");
    writeFileSync(file, withLead(hears, leadMs, opposite, part));
    args.push("--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${file}%noloop`);
  }
  if (allow) args.push("--use-fake-ui-for-media-stream");
  const browser = await chromium.launch({ executablePath: chromiumPath, args });
  const checkFaults = watchFaults(browser, expects);
  return {
    browser,
    close: async () => {
      await browser.close();
      rmSync(directory, { recursive: true, force: true });
      checkFaults();
    },
  };
}

/** A recording that begins at once would be over before the browser has opened it. */
function withLead(name: string, leadMs: number, opposite: boolean, part: ChromiumOptions["part"]): Uint8Array {
  const { pcm: whole, format } = decodeWav(sample(name));
  const byteAt = (ms: number) => Math.round((ms * format.sampleRate) / 1000) * 2;
  const pcm = part ? whole.subarray(byteAt(part[0]), byteAt(part[1])) : whole;
  const lead = new Uint8Array(byteAt(leadMs));
  const bytes = new Uint8Array(lead.length + pcm.length);
  bytes.set(pcm, lead.length);
  if (!opposite) return encodeWav(bytes, format);
  const samples = new Int16Array(bytes.buffer);
  const both = new Int16Array(2 * samples.length);
  samples.forEach((value, i) => {
    both[2 * i] = value;
    both[2 * i + 1] = Math.min(32_767, -value);
  });
  return encodeWav(new Uint8Array(both.buffer), { ...format, channels: 2 });
}

/** A recording of `samples/`. */
export function sample(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(fileURLToPath(new URL(`../../../../samples/${name}.wav`, import.meta.url))));
}
