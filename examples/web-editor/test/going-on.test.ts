/** One thing that is done leaves the others as they are: the keyboard's place, the recording, the text around. */
import { wordErrorRate } from "@stt/core";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { sample } from "../../../packages/client-web/test/support/chromium.js";
import { describeEditor, type LaunchedEditor } from "./support/editor-suite.js";

const SAID = "What is on my calendar at two fifteen?";
const LEAD = { hears: "en_01", leadMs: 5000, preferences: { language: "en" } };

async function drop(page: Page, name: string, type: string, bytes: Uint8Array): Promise<void> {
  await page.evaluate(
    (file) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(file.bytes)], file.name, { type: file.type }));
      for (const type of ["dragenter", "drop"])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    },
    { name, type, bytes: [...bytes] },
  );
}

describeEditor("the editor", {}, (suite) => {
  let editor: LaunchedEditor;

  it("types a space for Space, whichever button was clicked before", async () => {
    editor = await suite.launch();
    const { keyboard } = editor.page;
    await editor.untilState("connected", "listening");
    await editor.field.click();
    await keyboard.type("one");
    await editor.button(/Pause$/).click();
    await editor.untilState("paused");
    await keyboard.type(" two");
    expect(await editor.text()).toBe("one two");
    expect(await editor.state()).toBe("paused");
    for (const name of ["Copy", /^Colours/, "Русский", "English", "Export"]) {
      await editor.button(name).click();
      await keyboard.press("Space");
    }
    expect(await editor.text()).toBe("one two     ");
    await keyboard.press("Escape");
    expect(await editor.page.locator(".menu-items").count()).toBe(0);
    // With the keyboard, a button is pressed as ever.
    await editor.button(/Go on$/).focus();
    await keyboard.press("Space");
    await editor.untilState("connected", "listening");
    expect(await editor.text()).toBe("one two     ");
  });

  it.each([
    ["a text", "notes.txt", "text/plain", new TextEncoder().encode("Milk, bread, tea.")],
    ["a damaged sound file", "cut.mp3", "audio/mpeg", sample("en_02").subarray(3000, 9000)],
  ])("goes on listening when %s is dropped, and says what it wants", async (_, name, type, bytes) => {
    editor = await suite.launch(LEAD);
    await editor.untilState("connected", "listening");
    await drop(editor.page, name, type, bytes);
    await expect.poll(() => editor.page.locator(".files [role=alert]").textContent()).toContain("choose a WAV, MP3");
    expect(await editor.state()).toMatch(/connected|listening|hearing/);
    await editor.untilFinal();
    expect(wordErrorRate(SAID, await editor.text()).errors).toBe(0);
    await editor.button(`Dismiss: ${name}`).click();
    expect(await editor.page.getByRole("alert").count()).toBe(0);
  });

  it("finishes the sentence before it goes back to the server's language, without a reload", async () => {
    editor = await suite.launch({ ...LEAD, leadMs: 3000 });
    const { page } = editor;
    await editor.untilState("hearing");
    await page.evaluate(() => Object.assign(window, { mark: true }));
    await page.getByTitle("Language of the speech").selectOption("");
    await editor.untilFinal();
    expect(wordErrorRate(SAID, await editor.text()).errors).toBe(0);
    await expect.poll(() => page.locator(".small-print").textContent()).toContain("as the server is set");
    await editor.untilState("connected", "listening");
    expect(await page.evaluate(() => "mark" in window)).toBe(true);
    expect(wordErrorRate(SAID, await editor.text()).errors).toBe(0);
  });

  it("puts speech in the place of what is selected, and brings that back with one undo", async () => {
    editor = await suite.launch(LEAD);
    await editor.field.fill("Before. This goes away. After.");
    await editor.field.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(8, 23));
    await editor.untilFinal();
    const text = await editor.text();
    expect(text).toMatch(/^Before\. What .* After\.$/i);
    expect(text).not.toContain("goes away");
    expect(wordErrorRate(`Before. ${SAID} After.`, text).errors).toBeLessThanOrEqual(1);
    await editor.field.focus();
    await editor.page.keyboard.press("Control+z");
    expect(await editor.text()).toBe("Before. This goes away. After.");
  });

  it("greys out what cannot be undone or redone", async () => {
    editor = await suite.launch();
    const undo = editor.button("Undo");
    const redo = editor.button("Redo");
    const both = async () => [await undo.isEnabled(), await redo.isEnabled()];
    expect(await both()).toEqual([false, false]);
    await editor.field.pressSequentially("a");
    expect(await both()).toEqual([true, false]);
    await undo.click();
    expect(await both()).toEqual([false, true]);
    await redo.click();
    expect(await both()).toEqual([true, false]);
  });

  it("gives a subtitle the capital and the full stop of a sentence, wherever it was spoken into the text", async () => {
    editor = await suite.launch(LEAD);
    const { page } = editor;
    await editor.field.fill("She asked , and I did not know.");
    await editor.select("She asked ".length);
    await editor.untilFinal();
    expect(await editor.text()).toMatch(/^She asked what/);
    await editor.button("Export").click();
    const [download] = await Promise.all([page.waitForEvent("download"), editor.button(/\.srt/).click()]);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString().split("\n")[2]).toMatch(/^What is .*[.?]$/);
  });

  it.each([
    ["en-US", ["Bashkir", "Tibetan"]],
    ["ru-RU", ["Башкирский", "Тибетский"]],
  ])("lists every language by its name (%s)", async (locale, names) => {
    editor = await suite.launch({ locale });
    const listed = await editor.page.locator(".settings select").last().locator("option").allTextContents();
    for (const name of names) expect(listed).toContain(name);
    expect(listed.filter((name) => name.length <= 2)).toEqual([]);
  });

  it.each([
    [740, 360],
    [568, 320],
  ])("keeps its pickers and its buttons in sight on %i x %i", async (width, height) => {
    editor = await suite.launch({ width, height, locale: "ru-RU" });
    await editor.untilState("connected", "listening");
    const shown = editor.page.locator(".settings select, .dock button");
    expect(await shown.count()).toBe(10);
    for (const each of await shown.all()) {
      const box = (await each.boundingBox())!;
      expect(box.width).toBeGreaterThan(24);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
    }
    expect((await editor.field.boundingBox())!.height).toBeGreaterThan(100);
  });

  it("keeps text, states and the voice visible in forced colours", async () => {
    editor = await suite.launch({ ...LEAD, leadMs: 2000 });
    await editor.page.emulateMedia({ forcedColors: "active" });
    await editor.untilState("hearing");
    const colours = await editor.page.evaluate(() => {
      const styleOf = (selector: string) => getComputedStyle(document.querySelector(selector)!);
      return {
        text: styleOf(".field").color,
        paper: styleOf(".sheet").backgroundColor,
        control: styleOf(".record").borderTopStyle,
        wave: styleOf(".wave").stroke,
      };
    });
    expect(colours.text).not.toBe(colours.paper);
    expect(colours.text).not.toMatch(/^rgba\(.*, 0\)$/);
    expect(colours.control).toBe("solid");
    expect(colours.wave).not.toBe(colours.paper);
    await editor.untilFinal();
  });
});
