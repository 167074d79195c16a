/** Finding and replacing in the text, and everything that the page can do by its name. */
import { wordErrorRate } from "@stt/core";
import { describe, expect, it } from "vitest";
import { describeEditor, type LaunchedEditor, type LaunchOptions } from "./support/editor-suite.js";

const SAID = "What is on my calendar at two fifteen?";

describeEditor("the editor", {}, (suite) => {
  let editor: LaunchedEditor;

  /** With a text, and nobody who speaks. */
  const write = async (text: string, options: LaunchOptions = {}) => {
    editor = await suite.launch(options);
    await editor.field.fill(text);
    return editor.page;
  };
  const isFocused = () => editor.field.evaluate((field) => field === document.activeElement);

  describe("finds and replaces", () => {
    const query = () => editor.page.getByRole("searchbox");
    const count = () => editor.page.locator(".find output").textContent();
    const marked = () => editor.page.locator(".copy .found").allTextContents();
    /** Which of the places is the present one, by what stands before it. */
    const present = () =>
      editor.page.locator(".copy .present").evaluate((mark) => {
        const before = document.createRange();
        before.setStart(mark.parentElement!, 0);
        before.setEndBefore(mark);
        return before.toString().length;
      });
    const open = async () => {
      await editor.page.keyboard.press("Control+f");
      await query().waitFor();
    };

    it("marks every place whatever its case, and goes around them with Enter and the buttons", async () => {
      await write("Tea, tea and TEA. Чай, чай.");
      await open();
      await query().fill("tea");
      await expect.poll(count).toBe("1 of 3");
      expect(await marked()).toEqual(["Tea", "tea", "TEA"]);
      expect(await present()).toBe(0);
      await query().press("Enter");
      await expect.poll(count).toBe("2 of 3");
      expect(await present()).toBe(5);
      await query().press("Shift+Enter");
      await query().press("Shift+Enter");
      await expect.poll(count).toBe("3 of 3");
      await editor.button("Next").click();
      await expect.poll(count).toBe("1 of 3");
      await editor.button("Previous").click();
      await expect.poll(count).toBe("3 of 3");
      await query().fill("ЧАЙ");
      await expect.poll(count).toBe("1 of 2");
      await query().fill("coffee");
      await expect.poll(count).toBe("Nothing found");
      expect(await editor.button("Next").isDisabled()).toBe(true);
      await query().press("Escape");
      await expect.poll(isFocused).toBe(true);
      expect(await editor.page.locator(".copy .found").count()).toBe(0);
      expect(await editor.text()).toBe("Tea, tea and TEA. Чай, чай.");
    });

    it("looks for what is selected, and for signs as they are typed", async () => {
      const page = await write("Is it (a.b) or a+b?");
      await editor.field.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(6, 11));
      await open();
      await expect.poll(() => query().inputValue()).toBe("(a.b)");
      await expect.poll(count).toBe("1 of 1");
      await query().fill(".");
      await expect.poll(count).toBe("1 of 1");
      await query().fill("a+b");
      await expect.poll(count).toBe("1 of 1");
      await page.getByLabel("Replace with").fill("$&\\1");
      await editor.button("Replace").click();
      await expect.poll(() => editor.text()).toBe("Is it (a.b) or $&\\1?");
    });

    it("replaces one after the other, and never what it has put in", async () => {
      const page = await write("cat, cat, cat");
      await open();
      await query().fill("cat");
      const field = page.getByLabel("Replace with");
      await field.fill("a cat");
      await field.press("Enter");
      await expect.poll(() => editor.text()).toBe("a cat, cat, cat");
      await field.press("Enter");
      await expect.poll(() => editor.text()).toBe("a cat, a cat, cat");
      await field.press("Enter");
      await expect.poll(() => editor.text()).toBe("a cat, a cat, a cat");
    });

    it("replaces all as one step, says how many, and takes it back", async () => {
      const page = await write("one two one two one");
      await open();
      await query().fill("one");
      await page.getByLabel("Replace with").fill("");
      await editor.button("All").click();
      await expect.poll(() => editor.text()).toBe(" two  two ");
      const message = page.locator(".message");
      expect(await message.textContent()).toContain("Replaced: 3");
      await message.getByRole("button", { name: "Undo" }).click();
      await expect.poll(() => editor.text()).toBe("one two one two one");
    });

    it("lets words come meanwhile, and finds those too", async () => {
      const options = { hears: "en_01", leadMs: 4000, preferences: { language: "en" } };
      await write("My calendar. ", options);
      await editor.select("My calendar. ".length);
      await open();
      await query().fill("calendar");
      await expect.poll(count).toBe("1 of 1");
      await editor.untilFinal();
      await expect.poll(count).toBe("1 of 2");
      await editor.page.getByLabel("Replace with").fill("diary");
      await editor.button("All").click();
      const text = await editor.text();
      expect(text).toMatch(/^My diary\. /);
      expect(wordErrorRate(SAID.replace("calendar", "diary"), text.slice("My diary. ".length)).errors).toBe(0);
    });
  });

  describe("does by name", () => {
    const field = () => editor.page.getByRole("combobox", { name: "What would you like to do?" });
    const options = () => editor.page.locator(".palette [role=option]");
    const open = async () => {
      await editor.page.keyboard.press("Control+k");
      await field().waitFor();
    };
    /** The only one of these words. */
    const choose = async (words: string) => {
      await open();
      await field().fill(words);
      await expect.poll(() => options().count(), { message: words }).toBe(1);
      await field().press("Enter");
      await editor.page.locator(".palette").waitFor({ state: "detached" });
    };

    it("what is done with the text: copy, clear, undo, redo, select, find, export", async () => {
      const page = await write("Milk and bread.");
      await choose("copy everything");
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("Milk and bread.");
      await choose("clear new");
      expect(await editor.text()).toBe("");
      await choose("undo");
      expect(await editor.text()).toBe("Milk and bread.");
      await choose("redo");
      expect(await editor.text()).toBe("");
      await choose("undo");
      await choose("select everything");
      await page.keyboard.type("Tea.");
      expect(await editor.text()).toBe("Tea.");
      const [download] = await Promise.all([page.waitForEvent("download"), choose(".txt")]);
      expect(download.suggestedFilename()).toMatch(/\.txt$/);
      const [chooser] = await Promise.all([page.waitForEvent("filechooser"), choose("transcribe")]);
      expect(chooser.isMultiple()).toBe(true);
      await choose("find replace");
      await page.getByRole("searchbox").waitFor();
    });

    it("what is not done with the text: pause and go on, and every panel", async () => {
      const page = await write("A note.");
      await editor.untilState("connected", "listening");
      await choose("pause");
      await editor.untilState("paused");
      await choose("go on");
      await editor.untilState("connected", "listening");
      for (const name of ["History", "Your words", "Settings", "Keys and help"]) {
        await choose(name);
        const panel = page.locator(".panel");
        await panel.waitFor();
        expect(await panel.getAttribute("aria-label")).toBe(name);
        await page.keyboard.press("Escape");
        await panel.waitFor({ state: "detached" });
      }
    });

    it("what can be done now, chosen with arrows or the mouse, by words in any order", async () => {
      const page = await write("");
      await open();
      await expect.poll(() => options().allTextContents()).not.toContainEqual(expect.stringContaining("Copy"));
      await field().fill("FIND");
      await page.getByText("Nothing found").waitFor();
      await field().press("Escape");
      await expect.poll(isFocused).toBe(true);
      await editor.field.fill("Something.");
      await open();
      await field().fill("text export");
      await expect.poll(() => options().allTextContents()).toEqual([expect.stringContaining("Text (.txt)")]);
      await field().fill("");
      const chosen = () => page.locator(".palette [aria-selected=true]").textContent();
      const first = await chosen();
      await field().press("ArrowDown");
      await expect.poll(chosen).not.toBe(first);
      await field().press("ArrowUp");
      await field().press("ArrowUp");
      await expect.poll(chosen).toBe(first);
      await options().filter({ hasText: "Clear" }).click();
      await expect.poll(() => editor.text()).toBe("");
    });

    it("what the keys do, in the language of the page", async () => {
      const page = await write("Заметка.", { locale: "ru-RU" });
      await page.keyboard.press("Control+k");
      const search = page.locator(".palette input");
      await search.fill("заменить");
      const one = page.locator(".palette [role=option]");
      await expect.poll(() => one.allTextContents()).toEqual([expect.stringMatching(/Ctrl\+F$/)]);
      await search.press("Enter");
      await page.getByRole("searchbox").waitFor();
    });
  });
});
