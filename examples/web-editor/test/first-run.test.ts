/** The first time: every step tells what it found, and it is never seen twice. */
import { expect, it } from "vitest";
import { createProxy } from "../../../packages/client-web/test/support/cuttable-proxy.js";
import { describeEditor, type LaunchOptions } from "./support/editor-suite.js";

const FIRST = { introduced: false, preferences: { language: "en" } };

describeEditor("the first run", null, (suite) => {
  async function launch(origin: string, options: LaunchOptions = {}) {
    const editor = await suite.launch({ ...FIRST, ...options }, origin);
    const step = (title: string) =>
      editor.page.locator(".step", { has: editor.page.getByRole("heading", { name: title, exact: true }) });
    const stateOf = async (title: string) => step(title).getAttribute("data-state");
    return { editor, step, stateOf };
  }

  it("finds server, model, microphone and voice, shows what was read, keeps it out of the text, and is over for good", async () => {
    const { http } = await suite.serve();
    const { editor, step, stateOf } = await launch(http, { hears: "en_01", leadMs: 2500 });
    await expect.poll(() => stateOf("The server"), { timeout: 20_000 }).toBe("done");
    // What tests run on is not what anybody should write with.
    await expect.poll(() => stateOf("Its model"), { timeout: 20_000 }).toBe("warning");
    expect(await step("Its model").textContent()).toContain("WHISPER_MODEL=base");
    await expect.poll(() => stateOf("Your microphone"), { timeout: 20_000 }).toBe("done");
    await expect.poll(() => step("Read this aloud").textContent(), { timeout: 40_000 }).toContain("calendar");
    await expect.poll(() => stateOf("Read this aloud"), { timeout: 20_000 }).toBe("warning");
    await editor.button("Begin to write").click();
    expect(await editor.text()).toBe("");
    await editor.page.reload();
    await editor.untilState("connected", "listening");
    await editor.field.waitFor();
    expect(await editor.page.locator(".first-run").count()).toBe(0);
  });

  it("says that the server does not answer, and goes on when it does; that there is no microphone, and what to do", async () => {
    const { ports } = await suite.serve();
    const proxy = suite.keep(await createProxy(ports.dataPort));
    const { editor, step, stateOf } = await launch(proxy.url.replace("ws:", "http:"), { hears: null });
    await expect.poll(() => stateOf("The server"), { timeout: 20_000 }).toBe("done");
    await expect.poll(() => step("Your microphone").textContent()).toContain("connect one");
    expect(await stateOf("Your microphone")).toBe("failed");
    await editor.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    proxy.cut();
    await editor.page.reload();
    await expect.poll(() => stateOf("The server"), { timeout: 20_000 }).toBe("failed");
    expect(await step("The server").textContent()).toContain("check the network");
    proxy.mend();
    await expect.poll(() => stateOf("The server"), { timeout: 20_000 }).toBe("done");
  });

  it("takes a key where the server wants one", async () => {
    const key = "0123456789abcdef0123456789abcdef0123456789abcdef";
    const { http } = await suite.serve({ apiKeys: `me:${key}` });
    const { editor, stateOf } = await launch(http);
    await editor.page.getByLabel("Access key").fill(key);
    await editor.page.keyboard.press("Enter");
    await expect.poll(() => stateOf("The server"), { timeout: 20_000 }).toBe("done");
    await expect.poll(() => editor.page.getByRole("alert").count()).toBe(0);
  });

  it("is skipped with one click, and for good", async () => {
    const { http } = await suite.serve();
    const { editor } = await launch(http, { permitted: false, allow: false });
    await editor.button("Skip").click();
    await editor.field.fill("Written without it.");
    await editor.page.reload();
    await expect.poll(() => editor.text()).toBe("Written without it.");
    expect(await editor.page.locator(".first-run").count()).toBe(0);
  });

  it("is not for those who have a text here", async () => {
    const { http } = await suite.serve();
    const { editor } = await launch(http);
    await editor.button("Skip").click();
    await editor.field.fill("From before.");
    await editor.page.evaluate(() => localStorage.removeItem("stt-editor.preferences"));
    await editor.page.reload();
    await expect.poll(() => editor.text()).toBe("From before.");
    expect(await editor.page.locator(".first-run").count()).toBe(0);
  });
});
