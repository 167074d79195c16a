/** What the page is taught: words, replacements, and how text is to be written. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { describeEditor, type LaunchedEditor } from "./support/editor-suite.js";

const LEAD = { hears: "en_01", leadMs: 9000, preferences: { language: "en" } };

describeEditor("the page learns", { numerals: "as_is" }, (suite) => {
  let editor: LaunchedEditor;

  async function openReplacements(tab = "Replacements", words = "Your words") {
    await editor.button(words).click();
    await editor.page.getByRole("tab", { name: tab }).click();
    return editor.page.locator(".panel");
  }

  async function addRule(find: string, written: string, isPattern = false): Promise<void> {
    const form = editor.page.locator(".add-rule");
    await form.locator("input:not([type=checkbox])").fill(find);
    await form.locator("textarea").fill(written);
    await form.getByRole("checkbox").setChecked(isPattern);
    await form.getByRole("button", { name: "Add" }).click();
  }

  const rules = () => editor.page.locator(".rules li .rule").allInnerTexts();

  it("a word in two clicks", async () => {
    editor = await suite.launch();
    await editor.field.fill("We use cooper netties here.");
    await editor.selectText("cooper netties");
    await editor.button("Teach this word").click();
    await editor.page.keyboard.type("Kubernetes");
    await editor.button(/^Teach$/).click();
    expect(await editor.text()).toBe("We use Kubernetes here.");
    expect(await editor.kept("words")).toEqual([{ term: "Kubernetes", soundsLike: ["cooper netties"] }]);
  });

  it("what to write instead, while it listens", async () => {
    editor = await suite.launch(LEAD);
    await editor.untilState("connected", "listening");
    await openReplacements();
    await addRule("my calendar", "my diary\nof 2026");
    await addRule("two (\\w+)", "half past $1", true);
    await expect.poll(rules).toHaveLength(2);
    await editor.untilFinal();
    expect(await editor.text()).toMatch(/^What is on my diary\nof 2026 at half past fifteen\?$/);
  });

  it("figures for numbers, while it listens", async () => {
    editor = await suite.launch(LEAD);
    await editor.untilState("connected", "listening");
    await editor.button("Settings").click();
    await editor.page.getByLabel("Numbers, dates, times and money").selectOption("figures");
    await editor.untilFinal();
    expect(await editor.text()).toMatch(/at 2:15\?$/);
    expect(await editor.kept("preferences")).toMatchObject({ numerals: "figures" });
  });

  it.each([
    ["en-US", "Your words", "Replacements", "A pattern", "Add", "a closing ) is missing"],
    ["ru-RU", "Ваши слова", "Замены", "Шаблон", "Добавить", "не хватает закрывающей )"],
  ])("what is wrong with a pattern, beside its field (%s)", async (locale, words, tab, pattern, add, reason) => {
    editor = await suite.launch({ locale });
    const panel = await openReplacements(tab, words);
    const find = panel.locator(".add-rule input").first();
    await find.fill("(open");
    await panel.getByLabel(pattern, { exact: true }).check();
    await panel.getByRole("button", { name: add }).click();
    await expect.poll(() => panel.getByRole("alert").textContent()).toContain(reason);
    expect(await find.getAttribute("aria-invalid")).toBe("true");
    expect(await find.evaluate((field) => document.activeElement === field)).toBe(true);
    expect(await editor.kept("replacements")).toBeNull();
    await find.fill("(open)");
    await panel.getByRole("button", { name: add }).click();
    await expect
      .poll(() => editor.kept("replacements"))
      .toEqual([{ find: "(open)", replace: "", pattern: true, isRead: true }]);
  });

  it("an order, changes and deletions, and files that it writes and reads", async () => {
    editor = await suite.launch();
    const { page } = editor;
    const panel = await openReplacements();
    await addRule("my address", "12 High Street\nLondon");
    await addRule("gonna", "going to");
    await addRule("omw", "on my way");
    await panel.getByRole("button", { name: "Move omw up" }).click();
    const order = async () => (await rules()).map((text) => text.split(/\s*→/)[0]!.trim());
    expect(await order()).toEqual(["my address", "omw", "gonna"]);
    await panel.getByRole("button", { name: "Delete gonna" }).click();
    await panel.getByRole("button", { name: /^omw/ }).click();
    await panel.locator(".add-rule textarea").fill("coming");
    await panel.getByRole("button", { name: "Save" }).click();
    expect(await editor.kept("replacements")).toEqual([
      { find: "my address", replace: "12 High Street\nLondon" },
      { find: "omw", replace: "coming" },
    ]);

    const write = async (kind: string) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        panel.getByRole("button", { name: `Export .${kind}` }).click(),
      ]);
      return readFileSync(await download.path(), "utf8");
    };
    expect(await write("txt")).toBe("my address = 12 High Street\\nLondon\nomw = coming\n");
    const csv = await write("csv");
    expect(csv).toBe('find,replace\r\nmy address,"12 High Street\nLondon"\r\nomw,coming\r\n');

    for (const said of ["my address", "omw"]) await panel.getByRole("button", { name: `Delete ${said}` }).click();
    const take = (name: string, text: string) =>
      panel.locator("input[type=file]").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
    await take("mine.csv", csv);
    await expect.poll(order).toEqual(["my address", "omw"]);
    await take("mine.txt", "/(open/ = x\nnothing here\n");
    await expect.poll(() => panel.getByRole("status").textContent()).toContain("Line 2");
    // Of a file, too, the server tells which patterns it cannot read; they are shown, and no session is told of them.
    await expect.poll(() => panel.locator(".rules .fault").textContent()).toContain("a closing ) is missing");
    await editor.untilState("connected", "listening");
  });
});

const PEOPLE = { whisperModel: "base", realtimeModelType: "base", postSpeechSilenceDurationMs: 700, whisperThreads: 2 };

describeEditor("what is selected and said again by a person", PEOPLE, (suite) => {
  it.each([
    ["en", "human/en_kennedy", [3000, 4450], "Please ax knot today.", "ax knot", "ask not"],
    ["ru", "human/ru_microphone", [1990, 2720], "Это мой макарон, он новый.", "макарон", "микрофон"],
  ] as const)(
    "is replaced, and kept as a word on a click (%s)",
    async (language, hears, part, before, wrong, right) => {
      const editor = await suite.launch({ hears, part, leadMs: 6000, preferences: { language } });
      await editor.field.fill(before);
      await editor.selectText(wrong);
      await editor.untilFinal();
      await editor.untilText(before.replace(wrong, right));
      expect(await editor.text()).toBe(before.replace(wrong, right));
      expect(await editor.kept("words")).toBeNull();
      await editor.button("Remember").click();
      expect(await editor.kept("words")).toEqual([{ term: right, soundsLike: [wrong] }]);
      await editor.button("Your words").click();
      await expect.poll(() => editor.page.locator(".terms .term").allTextContents()).toEqual([right]);
    },
  );
});
