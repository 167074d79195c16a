/** The graphs beyond the last minutes, and the lines across them. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { skipWithoutChromium } from "../../client-web/test/support/chromium.js";
import { requireBuiltConsole } from "./support/console-page.js";
import { look, serve } from "./support/stage.js";

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Whether a canvas has a pixel of exactly this colour in its upper half; runs in the page. */
function hasPixelAbove(canvas: Element, colour: string): boolean {
  const { width, height } = canvas as HTMLCanvasElement;
  const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height / 2);
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3] === 255 && `${data[at]},${data[at + 1]},${data[at + 2]}` === colour) return true;
  return false;
}

describe.skipIf(skipWithoutChromium)("the console's graphs", { timeout: 90_000 }, () => {
  beforeAll(() => requireBuiltConsole());

  it("have lines where it gets late and full, in the colours of the tiles", async () => {
    const view = await look(await serve());
    const has = (title: string, colour: string) => view.chart(title).locator("canvas").evaluate(hasPixelAbove, colour);
    await expect.poll(() => has("Load", "125,82,0"), { timeout: 20_000 }).toBe(true);
    expect(await has("Load", "179,38,30")).toBe(true);
    expect(await has("Latency, p95", "125,82,0")).toBe(true);
    expect(await has("Memory", "125,82,0")).toBe(false);
    expect(await view.chart("Load").textContent()).toMatch(/85.%: nearly full, 100.%: full/);
  });

  it("go back as far as one asks, with what was measured before the server was started anew", async () => {
    const historyDir = mkdtempSync(path.join(tmpdir(), "stt-console-history-"));
    onTestFinished(() => rmSync(historyDir, { recursive: true, force: true }));
    const config = { controlPort: await freePort(), historyDir };
    const first = await serve(config, 50);
    const stepsOf = async (origin: string): Promise<number> => {
      const table = (await (await fetch(`${origin}/v1/admin/history?range=1h`)).json()) as { at: number[] };
      return table.at.length;
    };
    await expect.poll(() => stepsOf(first.http), { timeout: 10_000 }).toBeGreaterThan(3);
    await first.server.close();

    const target = await serve(config, 50);
    expect(await stepsOf(target.http)).toBeGreaterThan(3);
    const view = await look(target);
    const { page } = view;
    await view.chart("Memory").waitFor();
    const asked = page.waitForRequest(/history\?range=1h$/);
    await page.getByRole("button", { name: "1 h", exact: true }).click();
    await asked;
    expect(await page.getByRole("button", { name: "1 h", exact: true }).getAttribute("aria-pressed")).toBe("true");
    await expect.poll(() => page.locator(".graphs").textContent()).toContain("Measured since");
    await expect.poll(() => view.chart("Memory").locator("dd").first().textContent()).toMatch(/\d [MG]B/);
    await page.getByRole("button", { name: "15 min" }).click();
    expect(await page.locator(".graphs").textContent()).not.toContain("Measured since");
  });

  it("say where nothing is kept on the disk", async () => {
    const { page } = await look(await serve());
    await page.getByRole("button", { name: "30 d" }).click();
    await expect
      .poll(() => page.locator(".graphs").textContent())
      .toContain("nothing is kept on the disk (HISTORY_DIR)");
  });
});
