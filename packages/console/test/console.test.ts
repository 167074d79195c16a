/** What an operator sees and does. */

import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { skipWithoutChromium } from "../../client-web/test/support/chromium.js";
import { pathProxy } from "../../server/test/support/path-proxy.js";
import { requireBuiltConsole } from "./support/console-page.js";
import { look, serve, speaker } from "./support/stage.js";

const ADMIN = "an-operator-key-of-32-characters-";
const SPEAKER = "a-speakers-key-of-32-characters--";
const KEYED = { apiKeys: [`operator:${ADMIN}:admin`, `speaker:${SPEAKER}`].join(",") };
const SAID = /Set a timer|calendar at two fifteen/;

/** Whether a canvas has a pixel of exactly this colour; runs in the page. */
function hasPixel(canvas: Element, colour: string): boolean {
  const { width, height } = canvas as HTMLCanvasElement;
  const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
  for (let at = 0; at < data.length; at += 4)
    if (data[at + 3] === 255 && `${data[at]},${data[at + 1]},${data[at + 2]}` === colour) return true;
  return false;
}

/** Share of a canvas that is drawn on; runs in the page. */
function inkedShare(canvas: Element): number {
  const { width, height } = canvas as HTMLCanvasElement;
  const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
  let inked = 0;
  for (let at = 3; at < data.length; at += 4) if (data[at]! > 128) inked += 1;
  return inked / (width * height);
}

describe.skipIf(skipWithoutChromium)("the console", { timeout: 90_000 }, () => {
  beforeAll(() => requireBuiltConsole());

  it("shows who speaks with their words as they come, figures, graphs and models, within its policy", async () => {
    const target = await serve();
    const view = await look(target);
    await expect.poll(() => view.state.textContent(), { timeout: 20_000 }).toBe("Ready");
    await expect.poll(() => view.page.locator(".sessions").textContent()).toContain("Open /editor and speak");

    await speaker(target);
    await expect.poll(() => view.rows.count(), { timeout: 20_000 }).toBe(1);
    await expect.poll(() => view.rows.textContent(), { timeout: 20_000 }).toContain("Speaking");
    await expect.poll(() => view.rows.textContent(), { timeout: 30_000 }).toMatch(SAID);
    await expect.poll(() => view.rows.textContent(), { timeout: 20_000 }).toContain("Silent");
    expect(await view.tile("sessions").textContent()).toMatch(/^Sessions1/);
    await expect.poll(() => view.tile("final").locator(".value").textContent(), { timeout: 10_000 }).toMatch(/\d m?s/);
    await expect.poll(() => view.tile("factor").locator(".value").textContent()).toMatch(/\d ×/);
    expect(await view.tile("final").locator(".sparkline path").getAttribute("d")).toMatch(/^M/);
    expect(await view.page.locator("tr[data-model=micro]").textContent()).toContain("finals, live text");
    await expect.poll(() => view.page.locator(".models summary").textContent()).toMatch(/\d more can be downloaded/);
    await view.page.locator(".models summary").click();
    expect(await view.page.locator("tr[data-model=tiny]").getByRole("button").textContent()).toBe("Download tiny");

    // Five graphs with what uPlot's style sheet gives them, and none of a GPU.
    expect(await view.page.locator(".chart canvas").count()).toBe(5);
    expect(await view.chart("Latency, p95").locator("dd").first().textContent()).toMatch(/\d m?s/);
    expect(
      await view.page
        .locator(".u-wrap")
        .first()
        .evaluate((wrap) => getComputedStyle(wrap).position),
    ).toBe("relative");
    const policy = (await fetch(`${target.http}/`)).headers.get("content-security-policy")!;
    expect(policy).toContain("style-src 'self'");
    expect(policy).not.toContain("unsafe");
  });

  it("lets one point at its graphs from the first sample on, before anybody has spoken", async () => {
    // The first sample has no share of the processor yet: that takes two, and until then its graph has no line.
    const view = await look(await serve({}, 4000));
    const graphs = view.page.locator(".plot");
    await graphs.first().waitFor();
    expect(await view.chart("Processor").locator("dd").count()).toBe(0);
    for (const graph of await graphs.all()) {
      await graph.hover();
      // The time that is pointed at, which all graphs show the figures of.
      await expect.poll(() => view.page.locator(".pointed").textContent()).toMatch(/\d:\d\d/);
    }
    await expect.poll(() => view.chart("Memory").locator("dd").first().textContent()).toMatch(/\d [MG]B/);
  });

  it("draws lines and no areas in the colours that a system forces, which has no third one for an area", async () => {
    const view = await look(await serve({}, 20));
    const memory = view.chart("Memory");
    // All of the width has its samples: 180.
    await expect.poll(() => memory.locator("dd").first().textContent(), { timeout: 10_000 }).toMatch(/\d [MG]B/);
    await view.page.emulateMedia({ forcedColors: "active" });
    const inked = () => memory.locator("canvas").evaluate(inkedShare);
    await expect.poll(inked, { timeout: 20_000 }).toBeGreaterThan(0.005);
    await expect.poll(inked, { timeout: 20_000 }).toBeLessThan(0.2);
  });

  it("asks for a key where there are keys, and says what is wrong with one", async () => {
    const target = await serve(KEYED);
    await speaker(target, { token: SPEAKER });
    const view = await look(target);
    await expect.poll(() => view.page.locator("main").textContent()).toContain("API key with the scope admin");
    expect(await view.page.locator("[role=alert]").count()).toBe(0);

    await view.signIn("not-a-key-that-anybody-was-given");
    await expect.poll(() => view.page.locator("[role=alert]").textContent()).toContain("does not know this key");

    await view.signIn(SPEAKER);
    await expect.poll(() => view.page.locator("[role=alert]").textContent()).toContain("lacks the scope admin");
    expect(await view.rows.count()).toBe(0);
    expect(await view.page.getByRole("button", { name: /Download|Use for|End/ }).count()).toBe(0);

    await view.signIn(ADMIN);
    await expect.poll(() => view.rows.textContent(), { timeout: 20_000 }).toContain("speaker");
    // Kept in the tab, and in no address.
    await view.page.reload();
    await expect.poll(() => view.rows.count(), { timeout: 20_000 }).toBe(1);
    expect(view.urls.filter((url) => url.includes(ADMIN) || url.includes(SPEAKER))).toEqual([]);
    expect(view.page.url()).toBe(`${target.http}/console/`);
  });

  it("changes the log level of the running server, and says what is not allowed", async () => {
    const target = await serve();
    const view = await look(target);
    await view.page.locator("main").waitFor();
    await view.page.keyboard.press("/");
    await view.page.keyboard.type("log_level");
    const field = view.variable("LOG_LEVEL").locator("input");
    await field.fill("louder");
    await field.press("Enter");
    await expect
      .poll(() => view.variable("LOG_LEVEL").textContent())
      .toMatch(/"louder" is not allowed. Allowed: .*debug/);

    await speaker(target);
    await expect.poll(() => view.rows.count()).toBe(1);
    expect(await view.page.locator(".log").textContent()).not.toContain("session opened");
    await field.fill("debug");
    await field.press("Enter");
    await expect.poll(() => view.variable("LOG_LEVEL").textContent()).toContain("until the server restarts");
    await speaker(target);
    await expect.poll(() => view.page.locator(".log").textContent()).toContain("session opened");
    expect(await view.page.locator(".log").textContent()).toContain("LOG_LEVEL=debug");
  });

  it("changes when an utterance ends", async () => {
    const target = await serve({ postSpeechSilenceDurationMs: 10_000 });
    const view = await look(target);
    await view.page.locator(".configuration input[type=search]").fill("POST_SPEECH");
    const field = view.variable("POST_SPEECH_SILENCE_DURATION").locator("input");
    await field.fill("0.5");
    await field.press("Enter");
    await expect.poll(() => view.variable("POST_SPEECH_SILENCE_DURATION").textContent()).toContain("until the server");
    const final = vi.fn();
    (await speaker(target)).on("final", final);
    // Unchanged, the silence alone would have to last this long.
    await vi.waitFor(() => expect(final).toHaveBeenCalledOnce(), { timeout: 10_000 });
  });

  it("shows other variables as they are, without secrets, and that they need a restart", async () => {
    const target = await serve(KEYED);
    const view = await look(target);
    await view.signIn(ADMIN);
    await view.page.locator(".configuration input[type=search]").fill("API_KEYS");
    const row = view.variable("API_KEYS");
    await expect.poll(() => row.textContent()).toContain("restart");
    expect(await row.locator("input").count()).toBe(0);
    expect(await row.textContent()).toContain("not shown");
    expect(await view.page.content()).not.toContain(SPEAKER);
  });

  it("ends a session at the second press", async () => {
    const target = await serve();
    const view = await look(target);
    const client = await speaker(target);
    const ended = vi.fn();
    client.on("end", ended);
    const button = view.rows.getByRole("button");
    await button.click();
    expect(await button.textContent()).toBe("Sure? End");
    expect(target.server.sessions).toBe(1);
    await button.click();
    await vi.waitFor(() => expect(target.server.sessions).toBe(0), { timeout: 20_000 });
    await expect.poll(() => view.page.locator(".sessions").textContent()).toContain("No sessions");
  });

  it("speaks Russian to whoever does, and remembers another choice", async () => {
    const target = await serve();
    const view = await look(target, { locale: "ru-RU" });
    await expect.poll(() => view.state.textContent(), { timeout: 20_000 }).toBe("Готов");
    await expect.poll(() => view.page.locator(".sessions").textContent()).toContain("Сеансов нет");
    await expect.poll(() => view.variable("LANGUAGE").textContent()).toContain("Допустимо: auto или код языка");
    expect(await view.page.locator("html").getAttribute("lang")).toBe("ru");
    await view.page.getByRole("button", { name: "English" }).click();
    await view.page.reload();
    await expect.poll(() => view.page.locator(".sessions").textContent(), { timeout: 20_000 }).toContain("No sessions");
  });

  it("works behind a proxy that maps a path to the server", async () => {
    const target = await serve();
    const { url, close } = await pathProxy("/stt", target.ports.controlPort);
    onTestFinished(close);
    const view = await look({ ...target, http: url }, { hears: "en_01" });
    await expect.poll(() => view.state.textContent(), { timeout: 20_000 }).toBe("Ready");
    for (const link of await view.page.locator("a[href]").all())
      expect(await link.evaluate((element) => (element as HTMLAnchorElement).href)).toContain(`${url}/editor/`);
    // By the socket that the page opens, and the list that its events bring.
    await view.page.keyboard.press("m");
    await expect.poll(() => view.rows.count(), { timeout: 20_000 }).toBe(1);
    expect(view.urls.filter((each) => !each.startsWith(`${url}/`))).toEqual([]);
  });

  it("hears the microphone in the box to try it with", async () => {
    const target = await serve(KEYED);
    const view = await look(target, { hears: "en_01" });
    await view.signIn(ADMIN);
    await view.page.locator(".try-it").waitFor();
    await view.page.locator("h1").click();
    await view.page.keyboard.press("m");
    await expect.poll(() => view.page.locator(".heard").textContent(), { timeout: 40_000 }).toMatch(/timer|calendar/);
  });

  it("leaves Space to the page after a click on a button", async () => {
    const view = await look(await serve());
    const { page } = view;
    const pause = page.getByRole("button", { name: "Pause" });
    await pause.click();
    await page.keyboard.press("Space");
    expect(await page.getByRole("button", { name: "Go on" }).count()).toBe(1);
    const start = page.getByRole("button", { name: "Start" });
    await start.click();
    await page.locator(".try-it").getByRole("button", { name: "Stop" }).waitFor();
    await page.keyboard.press("Space");
    await expect.poll(() => view.rows.count(), { timeout: 20_000 }).toBe(1);
    expect(await start.count()).toBe(0);
    // With the keyboard they are pressed as ever.
    await page.locator(".try-it").getByRole("button", { name: "Stop" }).press("Space");
    await start.waitFor();
  });

  it("says when the server is full and what to do, drains, and is gone; it holds up no drain", async () => {
    const target = await serve({ maxSessions: 1 });
    const view = await look(target);
    const client = await speaker(target);
    await expect
      .poll(() => view.tile("sessions").textContent(), { timeout: 20_000 })
      .toContain("newcomers are refused. Add a server");
    const drained = target.server.drain();
    await expect.poll(() => view.state.textContent(), { timeout: 20_000 }).toContain("Draining");
    await client.close();
    await drained;
    await target.server.close();
    await expect.poll(() => view.state.textContent(), { timeout: 20_000 }).toBe("Disconnected");
    await expect
      .poll(() => view.page.locator(".notice").textContent())
      .toMatch(/has not answered since .* next try in \d+ s/);
  });

  it("is light or dark as the system is, or as its button says, graphs too", async () => {
    const view = await look(await serve(), { colorScheme: "dark" });
    const drawn = (colour: string) => view.chart("Memory").locator("canvas").evaluate(hasPixel, colour);
    await expect.poll(() => drawn("99,201,179"), { timeout: 20_000 }).toBe(true);
    expect(await view.background()).toBe("rgb(20, 19, 18)");
    await view.page.getByRole("button", { name: "Colours: as the system" }).click();
    await expect.poll(() => drawn("11,107,91"), { timeout: 20_000 }).toBe(true);
    expect(await drawn("99,201,179")).toBe(false);
    expect(await view.background()).toBe("rgb(243, 241, 236)");
    await view.page.getByRole("button", { name: "Colours: light" }).click();
    await view.page.emulateMedia({ colorScheme: "light" });
    await expect.poll(() => drawn("99,201,179"), { timeout: 20_000 }).toBe(true);
    await view.page.getByRole("button", { name: "Colours: dark" }).click();
    await expect.poll(() => drawn("11,107,91"), { timeout: 20_000 }).toBe(true);
  });

  it("fits a narrow window", async () => {
    const target = await serve();
    await speaker(target);
    const view = await look(target, { width: 360, height: 740 });
    await expect.poll(() => view.rows.textContent(), { timeout: 30_000 }).toMatch(SAID);
    expect(await view.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const box = (await view.rows.getByRole("button").boundingBox())!;
    expect(box.x + box.width).toBeLessThanOrEqual(360);
  });
});
