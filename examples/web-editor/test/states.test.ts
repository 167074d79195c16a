/** What the person in front of the page has to know is said, where the eye is, with what to do. */
import { wordErrorRate } from "@stt/core";
import { expect, it } from "vitest";
import { createProxy } from "../../../packages/client-web/test/support/cuttable-proxy.js";
import { describeEditor, type LaunchOptions } from "./support/editor-suite.js";

const SAID = "What is on my calendar at two fifteen?";

describeEditor("the editor says", null, (suite) => {
  const launch = (origin: string, options: LaunchOptions = {}) =>
    suite.launch({ preferences: { language: "en" }, ...options }, origin);

  it("that the server runs on the model of its tests, until that is dismissed", async () => {
    const { http } = await suite.serve();
    const editor = await launch(http);
    const note = editor.page.getByRole("note");
    await expect.poll(() => note.textContent(), { timeout: 20_000 }).toContain("set WHISPER_MODEL=base");
    await editor.button("Dismiss").click();
    expect(await note.count()).toBe(0);
  });

  it("that the operator has ended the session; what was said is there, and Record begins anew", async () => {
    const { http } = await suite.serve();
    const editor = await launch(http, { hears: "en_01", leadMs: 3000 });
    await editor.untilState("connected", "listening", "hearing");
    await editor.untilFinal();
    const { sessions } = (await (await fetch(`${http}/v1/sessions`)).json()) as { sessions: { id: string }[] };
    await fetch(`${http}/v1/sessions/${sessions[0]!.id}`, { method: "DELETE" });
    await editor.untilState("idle");
    const alert = editor.page.getByRole("alert");
    await expect.poll(() => alert.textContent()).toContain("operator has ended this session");
    expect(wordErrorRate(SAID, await editor.text()).errors).toBe(0);
    await editor.button(/Record$/).click();
    await editor.untilState("connected", "listening");
    expect(await alert.count()).toBe(0);
  });

  it("nothing of the operator to one who has paused and stopped by himself", async () => {
    const { http } = await suite.serve();
    const editor = await launch(http);
    await editor.untilState("connected", "listening");
    await editor.page.keyboard.press("F1");
    await editor.untilState("paused");
    await editor.page.keyboard.press("F1");
    await editor.untilState("connected", "listening");
    expect(await editor.page.getByRole("alert").count()).toBe(0);
  });

  it("that nothing at all comes from the microphone, and for how long", async () => {
    const { http } = await suite.serve();
    // After its recording the microphone gives zeros.
    const editor = await launch(http, { hears: "en_01", locale: "ru-RU" });
    await editor.untilFinal();
    await editor.page.getByRole("note").getByRole("button").click();
    await expect
      .poll(() => editor.page.getByRole("note").textContent(), { timeout: 40_000 })
      .toMatch(/^Микрофон уже \d+ с не передаёт ни звука: проверьте его выключатель/);
  });

  it("before the page is left that something was not sent yet, and only then", async () => {
    const { ports } = await suite.serve();
    const proxy = suite.keep(await createProxy(ports.dataPort));
    const editor = await launch(proxy.url.replace("ws:", "http:"), { hears: "en_01", leadMs: 2000 });
    const { page } = editor;
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.dismiss();
    });
    await editor.field.click();
    await editor.untilState("hearing");
    proxy.cut();
    await editor.untilState("reconnecting");
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toEqual(["beforeunload"]);
    proxy.mend();
    await editor.untilFinal();
    await editor.untilState("connected", "listening");
    const closed = page.waitForEvent("close");
    await page.close({ runBeforeUnload: true });
    await closed;
    expect(asked).toHaveLength(1);
  });

  it("to a first visitor that a key is wanted, and to one with a wrong key that it is wrong", async () => {
    const key = "0123456789abcdef0123456789abcdef0123456789abcdef";
    const target = await suite.serve({ apiKeys: `me:${key}` });
    const editor = await launch(target.http);
    const alert = editor.page.getByRole("alert");
    await expect
      .poll(() => alert.locator("p").textContent())
      .toBe("This server wants an access key: enter the one that you were given.");
    const field = editor.page.getByLabel("Access key");
    await field.fill("fedcba9876543210fedcba9876543210");
    await field.press("Enter");
    await expect.poll(() => alert.locator("p").textContent()).toContain("this is not one of its keys");
    await field.fill(key);
    await field.press("Enter");
    await editor.untilState("connected", "listening");
  });
});
