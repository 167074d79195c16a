/** The console as the real server serves it, in a real browser. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { launchChromium } from "../../../client-web/test/support/chromium.js";

const BUILT = fileURLToPath(new URL("../../../server/dist/web/console/index.html", import.meta.url));

/** Tests run against what a server would serve. */
export function requireBuiltConsole(): void {
  if (!existsSync(BUILT)) throw new Error("The console is not built: run npm run build.");
}

export interface ConsoleOptions {
  /** Language of the browser. @default en-US */
  locale?: string;
  width?: number;
  height?: number;
  colorScheme?: "light" | "dark";
  /** An error in the browser's console that the test makes happen. */
  expects?: RegExp;
  /** Recording that the microphone hears. @default silence */
  hears?: string;
}

export class ConsolePage {
  /** Everything that was asked for. */
  readonly urls: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly owner: { close(): Promise<void> },
  ) {
    page.on("request", (request) => this.urls.push(request.url()));
  }

  static async open(origin: string, options: ConsoleOptions = {}): Promise<ConsolePage> {
    const { locale = "en-US", width = 1280, height = 900, colorScheme = "light", hears, expects } = options;
    const chromium = await launchChromium({ ...(hears && { hears }), ...(expects && { expects }) });
    const context = await chromium.browser.newContext({
      locale,
      colorScheme,
      viewport: { width, height },
      permissions: ["microphone", "clipboard-read", "clipboard-write"],
    });
    const opened = new ConsolePage(await context.newPage(), chromium);
    return opened.#goto(origin);
  }

  /** The same browser's next tab. */
  async anotherTab(): Promise<ConsolePage> {
    const page = await this.page.context().newPage();
    return new ConsolePage(page, page).#goto(new URL(this.page.url()).origin);
  }

  async #goto(origin: string): Promise<this> {
    await this.page.goto(`${origin}/`);
    await this.page.locator("header").waitFor();
    return this;
  }

  /** Of the server, or of the connection to it. */
  get state() {
    return this.page.locator("header [data-state]");
  }

  /** The sentence above everything, and what stands beside it. */
  get advice() {
    return this.page.locator(".advice");
  }

  get rows() {
    return this.page.locator("tr[data-session]");
  }

  model(name: string) {
    return this.page.locator(`tr[data-model="${name}"]`);
  }

  chart(title: string) {
    return this.page.locator(".chart").filter({ has: this.page.getByRole("heading", { name: title, exact: true }) });
  }

  tile(name: string) {
    return this.page.locator(`[data-tile=${name}]`);
  }

  variable(name: string) {
    return this.page.locator(`li[data-variable=${name}]`);
  }

  background(): Promise<string> {
    return this.page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
  }

  async signIn(key: string): Promise<void> {
    await this.page.locator("#key").fill(key);
    await this.page.locator("#key").press("Enter");
  }

  close(): Promise<void> {
    return this.owner.close();
  }
}
