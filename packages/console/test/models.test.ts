/** An operator who fetches models and puts them to use while others speak. */
import { copyFileSync, truncateSync } from "node:fs";
import type { ServerResponse } from "node:http";
import path from "node:path";
import type { Locator } from "playwright-core";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { skipWithoutChromium } from "../../client-web/test/support/chromium.js";
import { microModel } from "../../server/test/engines/support.js";
import {
  type Answer,
  content,
  ETAG,
  mirror,
  modelFolder,
  serve as sendModel,
  sha256,
  withoutProxies,
} from "../../server/test/models/support.js";
import type { ConsolePage } from "./support/console-page.js";
import { requireBuiltConsole } from "./support/console-page.js";
import { look, serve, speaker } from "./support/stage.js";

/** A model that the catalogue has without a checksum: what the hub states counts. */
const FETCHED = "small-q5_1";
const SENT_AT_FIRST = 200_000;
const SOON = { timeout: 15_000 };

/** A server with an empty model folder, whose hub answers as the test says. */
async function serverWithHub(answer: Answer) {
  const directory = modelFolder();
  const hub = await mirror((request, response, count) =>
    request.url?.endsWith(".sha256") ? void response.end(`${sha256}\n`) : answer(request, response, count),
  );
  const target = await serve({ modelDir: directory, modelBaseUrl: hub.url });
  return { target, directory };
}

/** Sends the beginning of the model, and the rest at a word. */
function slowHub(): { answer: Answer; goOn(): void } {
  let held: ServerResponse | undefined;
  return {
    answer: (_, response) => {
      response.writeHead(200, { etag: ETAG, "content-length": content.length });
      response.write(content.subarray(0, SENT_AT_FIRST));
      held = response;
    },
    goOn: () => held!.end(content.subarray(SENT_AT_FIRST)),
  };
}

async function download(view: ConsolePage, name: string): Promise<void> {
  await view.page.locator(".models summary").click();
  await view.model(name).getByRole("button").click();
}

async function boxOf(element: Locator) {
  return (await element.boundingBox())!;
}

describe.skipIf(skipWithoutChromium)("models in the console", { timeout: 120_000 }, () => {
  beforeAll(() => requireBuiltConsole());
  beforeEach(withoutProxies);

  it("are fetched in sight of every tab, also after a reload, and used while somebody goes on speaking", async () => {
    const hub = slowHub();
    const { target } = await serverWithHub(hub.answer);
    const client = await speaker(target, { says: "en_paragraph_1" });
    const opened = vi.fn();
    const finals = vi.fn();
    const trouble = vi.fn();
    client.on("ready", opened);
    client.on("final", finals);
    client.on("status", ({ status }) => status === "reconnecting" && trouble());
    client.on("error", trouble);
    const view = await look(target);
    const second = await view.anotherTab();
    const tabs = [view, second];
    await expect.poll(() => view.rows.count(), SOON).toBe(1);
    const session = await view.rows.getAttribute("data-session");

    await download(view, FETCHED);
    const share = `${Math.round((100 * SENT_AT_FIRST) / content.length)} %`;
    for (const tab of tabs) await expect.poll(() => tab.model(FETCHED).textContent(), SOON).toContain(share);
    const stop = view.model(FETCHED).getByRole("button", { name: "Stop" });
    // Space does not stop what a click has begun.
    await view.page.keyboard.press("Space");
    expect(await stop.evaluate((button) => button === document.activeElement)).toBe(false);
    await view.page.reload();
    await expect.poll(() => view.model(FETCHED).textContent(), SOON).toContain(share);
    await expect.poll(() => view.model(FETCHED).locator("progress").getAttribute("value"), SOON).toMatch(/^0\.\d+$/);

    hub.goOn();
    for (const tab of tabs) await expect.poll(() => tab.model(FETCHED).textContent(), SOON).toContain("Use for finals");
    const said = finals.mock.calls.length;
    const words = await view.rows.locator(".col-words").textContent();
    await view.model(FETCHED).getByRole("button", { name: "Use for finals" }).click();
    for (const tab of tabs) {
      await expect.poll(() => tab.page.locator(".facts").textContent(), SOON).toContain(`${FETCHED} on CPU`);
      await expect.poll(() => tab.model(FETCHED).locator(".use").textContent(), SOON).toBe("finals");
      await expect.poll(() => tab.model("micro").locator(".use").textContent(), SOON).toBe("live text");
    }
    const keeps = second.page.locator(".until-restart");
    expect(await keeps.textContent()).toContain("Until the server restarts");
    await keeps.getByRole("button", { name: `WHISPER_MODEL=${FETCHED}` }).click();
    expect(await second.page.evaluate(() => navigator.clipboard.readText())).toBe(`WHISPER_MODEL=${FETCHED}`);
    await second.model(FETCHED).getByRole("button", { name: "Use for live text" }).click();
    for (const tab of tabs) {
      await expect.poll(() => tab.model(FETCHED).locator(".use").textContent(), SOON).toBe("finals, live text");
      await expect.poll(() => tab.model("micro").count(), SOON).toBe(0);
    }

    await expect.poll(() => view.rows.locator(".col-words").textContent(), SOON).not.toBe(words);
    await vi.waitFor(() => expect(finals.mock.calls.length).toBeGreaterThan(said), { timeout: 40_000 });
    expect(await view.rows.getAttribute("data-session")).toBe(session);
    expect(opened.mock.calls.length).toBeLessThanOrEqual(1);
    expect(trouble).not.toHaveBeenCalled();
  });

  it("say in words why they are not to be had, and are let go of", async () => {
    const { target } = await serverWithHub((request, response, count) => {
      if (request.url!.includes("medium")) return response.writeHead(404).end();
      if (request.url!.includes("small")) return response.destroy();
      return sendModel(request, response, count);
    });
    const view = await look(target);
    // The hub's file is another one than the catalogue's.
    await download(view, "tiny");
    await expect.poll(() => view.model("tiny").textContent(), SOON).toContain("damaged or another file");
    await view.model("medium").getByRole("button").click();
    await expect.poll(() => view.model("medium").getByRole("alert").textContent(), SOON).toContain("has no such model");
    expect(await view.model("medium").getByRole("alert").getAttribute("title")).toContain("HTTP 404");
    await view.model("small").getByRole("button").click();
    // What is tried again says why, too.
    await expect
      .poll(() => view.model("small").textContent(), SOON)
      .toContain("broke off, trying again: The hub cannot be reached. Check the network and MODEL_BASE_URL.");
    expect(await view.model("small").locator("p[title]").getAttribute("title")).toContain("127.0.0.1");

    await view.model("small").getByRole("button", { name: "Stop" }).click();
    await view.model("tiny").getByRole("button", { name: "Dismiss" }).click();
    for (const name of ["small", "tiny"])
      await expect.poll(() => view.model(name).getByRole("button").textContent(), SOON).toBe(`Download ${name}`);
    await view.model("medium").getByRole("button", { name: "Try again" }).click();
    await expect.poll(() => view.model("medium").getByRole("alert").textContent(), SOON).toContain("has no such model");
  });

  it.each([360, 800, 1280])("keep their buttons within a window of %i pixels", async (width) => {
    const { target } = await serverWithHub((request, response) => {
      if (request.url!.includes("medium")) response.writeHead(404).end();
      else response.destroy();
    });
    const view = await look(target, { locale: "ru-RU", width });
    await download(view, "medium");
    await view.model("small").getByRole("button").click();
    await expect.poll(() => view.model("medium").getByRole("button").count(), SOON).toBe(2);
    await expect.poll(() => view.model("small").textContent(), SOON).toContain("новая попытка");
    const panel = await boxOf(view.page.locator(".models"));
    for (const button of await view.page.locator(".models button").all()) {
      // All of it is seen: what a cell cuts off is no part of it.
      const { x, width, height } = await boxOf(button);
      const cell = await boxOf(button.locator(".."));
      expect(width).toBeGreaterThan(50);
      expect(height).toBeGreaterThan(25);
      expect(x).toBeGreaterThanOrEqual(cell.x);
      expect(x + width).toBeLessThanOrEqual(cell.x + cell.width + 1);
      expect(x + width).toBeLessThan(panel.x + panel.width);
    }
    expect(await view.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });

  it("are fetched two at a time", async () => {
    const { target } = await serverWithHub(slowHub().answer);
    const view = await look(target);
    await download(view, "tiny");
    await view.model("medium").getByRole("button").click();
    for (const name of ["tiny", "medium"])
      await expect.poll(() => view.model(name).getByRole("button").textContent(), SOON).toBe("Stop");
    await view.model("small").getByRole("button").click();
    await expect
      .poll(() => view.page.locator(".models > [role=alert]").textContent(), SOON)
      .toContain("Two models are being");
    await view.model("tiny").getByRole("button").click();
    await view.model("small").getByRole("button").click();
    await expect.poll(() => view.model("small").getByRole("button").textContent(), SOON).toBe("Stop");
    expect(await view.page.locator(".models > [role=alert]").count()).toBe(0);
  });

  it("stay in use when another one is damaged, in Russian too", async () => {
    const { target, directory } = await serverWithHub(sendModel);
    const damaged = path.join(directory, "ggml-ours.bin");
    copyFileSync(microModel, damaged);
    truncateSync(damaged, 50_000);
    const view = await look(target, { locale: "ru-RU", expects: /status of 500/ });
    await view.model("ours").getByRole("button", { name: "Для окончательного" }).click();
    await expect.poll(() => view.page.locator(".models > [role=alert]").textContent(), SOON).toContain("повреждён");
    expect(await view.model("micro").locator(".use").textContent()).toBe("окончательный текст, живой текст");
    expect(await view.page.locator(".facts").textContent()).toContain("micro на CPU");
  });
});
