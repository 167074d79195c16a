/** The editor as the real server serves it, in a real browser whose microphone is a recording. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { launchChromium, type TestBrowser } from "../../../../packages/client-web/test/support/chromium.js";

const BUILT = fileURLToPath(new URL("../../../../packages/server/dist/web/editor/index.html", import.meta.url));

/** Tests run against what a server would serve. */
export function requireBuiltEditor(): void {
  if (!existsSync(BUILT)) throw new Error("The editor is not built: run npm run build.");
}

export interface EditorOptions {
  /** Language of the browser. @default en-US */
  locale?: string;
  /** Whether the page may use the microphone already. @default true */
  permitted?: boolean;
  width?: number;
  height?: number;
  /** What the page remembers from before. */
  preferences?: Record<string, unknown>;
  /** Whether the first run is behind. @default true */
  introduced?: boolean;
  colorScheme?: "light" | "dark";
  /** Echo cancellation, noise suppression and automatic gain, all on or off; undefined as the page asks for them. @default false */
  processing?: boolean | undefined;
}

/** A browser profile of its own. Closed with its browser. */
export async function openContext({ browser }: TestBrowser, options: EditorOptions = {}): Promise<BrowserContext> {
  const { locale = "en-US", permitted = true, width = 900, height = 700, colorScheme = "light" } = options;
  const { introduced = true } = options;
  const preferences = { introduced, ...options.preferences };
  const processing = "processing" in options ? options.processing : false;
  const context = await browser.newContext({
    locale,
    colorScheme,
    viewport: { width, height },
    // To give none would be to refuse all: then the browser asks.
    ...(permitted ? { permissions: ["microphone", "clipboard-read", "clipboard-write"] } : {}),
  });
  await context.addInitScript((text) => {
    // The empty page before ours has no storage.
    if (location.origin === "null") return;
    localStorage.setItem("stt-editor.preferences", localStorage.getItem("stt-editor.preferences") ?? text);
  }, JSON.stringify(preferences));
  // Synthetic voices are not speech to a noise suppressor: tests of other things do without.
  if (processing === undefined) return context;
  await context.addInitScript((isOn) => {
    if (location.origin === "null") return;
    const { mediaDevices } = navigator;
    const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = (constraints) => {
      const audio = typeof constraints?.audio === "object" ? constraints.audio : {};
      return getUserMedia({
        audio: { ...audio, echoCancellation: isOn, noiseSuppression: isOn, autoGainControl: isOn },
      });
    };
  }, processing);
  return context;
}

/** Everything that a test does with the page. */
export class EditorPage {
  private constructor(readonly page: Page) {}

  static async open(context: BrowserContext, origin: string): Promise<EditorPage> {
    const editor = new EditorPage(await context.newPage());
    await editor.page.goto(`${origin}/editor`);
    await editor.page.locator(".app").waitFor();
    return editor;
  }

  static async launch(
    origin: string,
    options: EditorOptions & Parameters<typeof launchChromium>[0] = {},
  ): Promise<EditorPage & { close(): Promise<void> }> {
    const chromium = await launchChromium(options);
    const editor = await EditorPage.open(await openContext(chromium, options), origin);
    return Object.assign(editor, { close: () => chromium.close() });
  }

  get field() {
    return this.page.locator("textarea.field");
  }

  text(): Promise<string> {
    return this.field.inputValue();
  }

  state(): Promise<string | null> {
    return this.page.locator(".status").getAttribute("data-state");
  }

  async untilState(...states: string[]): Promise<void> {
    await expect.poll(() => this.state(), { timeout: 30_000, interval: 50 }).toBeOneOf(states);
  }

  async untilText(expected: RegExp | string): Promise<void> {
    await expect.poll(() => this.text(), { timeout: 40_000, interval: 50 }).toMatch(expected);
  }

  /** Puts the caret there, as a click would. */
  select(offset: number): Promise<void> {
    return this.field.evaluate((field: HTMLTextAreaElement, place) => {
      field.focus();
      field.setSelectionRange(place, place);
    }, offset);
  }

  selection(): Promise<{ text: string; start: number }> {
    return this.field.evaluate(({ value, selectionStart }: HTMLTextAreaElement) => ({
      text: value,
      start: selectionStart,
    }));
  }

  /** Selects the first place where this stands, as dragging over it would. */
  selectText(text: string): Promise<void> {
    return this.field.evaluate((field: HTMLTextAreaElement, wanted) => {
      const at = field.value.indexOf(wanted);
      field.focus();
      field.setSelectionRange(at, at + wanted.length);
    }, text);
  }

  /** What the page keeps under a name. */
  kept(name: string): Promise<unknown> {
    return this.page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? "null"), `stt-editor.${name}`);
  }

  /** Final texts announced so far, the latest three at most. */
  finals(): Promise<number> {
    return this.page.locator("[role=log] p").count();
  }

  /** The final has come: nothing of the text may change any more. */
  async untilFinal(count = 1): Promise<void> {
    await expect.poll(() => this.finals(), { timeout: 40_000, interval: 50 }).toBeGreaterThanOrEqual(count);
  }

  button(name: string | RegExp) {
    return this.page.getByRole("button", { name });
  }
}
