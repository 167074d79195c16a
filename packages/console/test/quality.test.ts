/** What holds for the page in every state: no barrier that axe knows of, and light to load. */
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { barriers } from "../../client-web/test/support/barriers.js";
import { skipWithoutChromium } from "../../client-web/test/support/chromium.js";
import { requireBuiltConsole } from "./support/console-page.js";
import { look, serve, speaker } from "./support/stage.js";

const BUDGET_BYTES = 200_000;
const KEYED = { apiKeys: "operator:an-operator-key-of-32-characters-:admin" };

describe.skipIf(skipWithoutChromium)("the console's page", { timeout: 90_000 }, () => {
  beforeAll(() => requireBuiltConsole());

  it.each([
    ["en-US", "light", 1280],
    ["ru-RU", "dark", 360],
  ] as const)("has no barrier (%s, %s, %i px)", async (locale, colorScheme, width) => {
    const target = await serve();
    const view = await look(target, { locale, colorScheme, width });
    await view.chart(locale === "en-US" ? "Memory" : "Память").waitFor();
    expect(await barriers(view.page), "without sessions").toEqual([]);
    await speaker(target);
    await expect.poll(() => view.rows.count(), { timeout: 20_000 }).toBe(1);
    await view.page.locator(".models summary").click();
    expect(await barriers(view.page), "with a session").toEqual([]);
  });

  it("has no barrier where it asks for a key", async () => {
    const view = await look(await serve(KEYED));
    await view.page.locator("#key").waitFor();
    expect(await barriers(view.page)).toEqual([]);
  });

  it("loads in less than 200 kB", async () => {
    const { page, urls } = await look(await serve());
    await page.locator(".chart canvas").first().waitFor();
    const files = [...new Set(urls)].filter((url) => !url.includes("/v1/"));
    let bytes = 0;
    for (const url of files)
      bytes += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer()), { level: 9 }).length;
    expect(files.some((url) => url.endsWith(".js"))).toBe(true);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(BUDGET_BYTES);
  });
});
