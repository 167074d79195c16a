/** Speaking into the editor, and typing meanwhile. */
import { wordErrorRate } from "@stt/core";
import { expect, it } from "vitest";
import { describeEditor, type LaunchedEditor } from "./support/editor-suite.js";

const SAID = "What is on my calendar at two fifteen?";
const ENGLISH = { preferences: { language: "en" } };
/** Time to type before the recording begins. */
const LEAD = { hears: "en_01", leadMs: 6000, ...ENGLISH };

describeEditor("the editor", {}, (suite) => {
  let editor: LaunchedEditor;

  it("listens by itself, writes what is said, and violates no policy of its server", async () => {
    editor = await suite.launch({ hears: "en_01", ...ENGLISH });
    await editor.untilState("connected", "listening", "hearing");
    await editor.untilFinal();
    expect(wordErrorRate(SAID, await editor.text()).errors).toBe(0);
    await expect.poll(() => editor.page.locator(".small-print").textContent()).toMatch(/micro.*CPU.*\d ms/);
  });

  it("writes where the caret was when speech began, whatever is typed elsewhere meanwhile", async () => {
    editor = await suite.launch(LEAD);
    const { keyboard } = editor.page;
    await editor.field.fill("First line.\nLast line.");
    await editor.select("First line.".length);
    await editor.untilState("hearing");
    await keyboard.press("Control+End");
    // Key by key, through the time in which the sentence grows above.
    for (let i = 0; (await editor.finals()) === 0; i++) {
      expect(i).toBeLessThan(2000);
      await keyboard.type("abc "[i % 4]!, { delay: 20 });
    }
    await keyboard.type("END");
    const [first, last] = (await editor.text()).split("\n");
    expect(wordErrorRate(`First line. ${SAID}`, first!).errors).toBe(0);
    expect(last).toMatch(/^Last line\.(abc )+a?b?c?END$/);
    const { text, start } = await editor.selection();
    expect(start).toBe(text.length);
  });

  it("takes back an utterance as one step, and the clearing of everything", async () => {
    editor = await suite.launch(LEAD);
    const { keyboard } = editor.page;
    await editor.field.pressSequentially("Typed. ");
    await editor.untilFinal();
    const whole = await editor.text();
    await keyboard.press("Control+z");
    expect(await editor.text()).toBe("Typed. ");
    await keyboard.press("Control+y");
    expect(await editor.text()).toBe(whole);
    await editor.button("Clear").click();
    expect(await editor.text()).toBe("");
    await keyboard.type("new");
    await editor.page.locator(".message").getByRole("button", { name: "Undo" }).click();
    expect(await editor.text()).toContain(whole.trim());
    expect(await editor.text()).toContain("new");
  });

  it("leaves a composing input method alone, and loses nothing of either", async () => {
    editor = await suite.launch(LEAD);
    const { page } = editor;
    const final = new Promise<void>((resolve) => {
      page.on("websocket", (socket) => {
        socket.on("framereceived", ({ payload }) => {
          if (String(payload).includes('"type":"final"')) resolve();
        });
      });
    });
    await page.reload();
    await editor.field.focus();
    const devtools = await page.context().newCDPSession(page);
    const compose = (text: string) =>
      devtools.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length });
    await editor.untilState("hearing");
    let heard = false;
    void final.then(() => {
      heard = true;
    });
    // As somebody types who has not chosen the characters yet.
    for (let i = 0; !heard; i++) {
      await compose("にほんご".slice(0, 1 + (i % 4)));
      expect(await editor.text()).toMatch(/^(What.*)?に/i);
    }
    await compose("にほんご");
    await devtools.send("Input.insertText", { text: "日本語" });
    await editor.untilFinal();
    expect(await editor.text()).toContain("日本語");
    expect(wordErrorRate(SAID, (await editor.text()).replace("日本語", " ")).errors).toBe(0);
  });

  it("does not scroll away from a reader, and says that there is new text", async () => {
    editor = await suite.launch(LEAD);
    const main = editor.page.locator("main");
    await editor.field.fill("A line to read.\n".repeat(80));
    await editor.page.keyboard.press("Control+End");
    await main.evaluate((element) => element.scrollTo(0, 0));
    await editor.untilFinal();
    const button = editor.button("New text below");
    await button.waitFor();
    expect(await main.evaluate((element) => element.scrollTop)).toBe(0);
    await button.click();
    await button.waitFor({ state: "detached" });
    expect(await main.evaluate((element) => element.scrollTop)).toBeGreaterThan(500);
  });
});
