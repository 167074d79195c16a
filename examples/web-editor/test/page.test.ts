/** The page around the text: permissions, memory, languages, keys, files, narrow windows. */

import { wordErrorRate } from "@stt/core";
import { expect, it } from "vitest";
import { sample } from "../../../packages/client-web/test/support/chromium.js";
import { EditorPage } from "./support/editor-page.js";
import { describeEditor, type LaunchedEditor, type LaunchOptions } from "./support/editor-suite.js";

describeEditor("the page of the editor", {}, (suite) => {
  let editor: LaunchedEditor;

  const launch = async (options: LaunchOptions = {}) => {
    editor = await suite.launch(options);
    return editor.page;
  };

  it("is served on both ports, and never opens the microphone unasked", async () => {
    const page = await launch({ allow: false, permitted: false, introduced: false });
    expect((await fetch(`http://127.0.0.1:${suite.server.ports.dataPort}/editor`)).status).toBe(200);
    const allow = editor.button("Allow the microphone");
    await allow.waitFor();
    expect(await editor.state()).toBe("idle");
    await expect.poll(() => allow.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.context().grantPermissions(["microphone"]);
    await editor.untilState("connected", "listening");
    await editor.button("Begin to write").click();
    await expect.poll(() => editor.field.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it("says that the microphone is blocked and what to do, and begins once it is allowed", async () => {
    const page = await launch({ allow: false, permitted: false });
    await editor.button(/Record$/).click();
    await editor.untilState("microphone_blocked");
    expect(await page.getByRole("alert").textContent()).toContain("allow it in the browser's address bar");
    await page.context().grantPermissions(["microphone"]);
    await editor.untilState("connected", "listening");
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it("says that there is no microphone, and can still transcribe a file", async () => {
    const page = await launch({ hears: null, preferences: { language: "en" } });
    await editor.untilState("no_microphone");
    expect(await page.getByRole("alert").textContent()).toContain("connect one");
    await page.evaluate(
      (bytes) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], "calendar.wav", { type: "audio/wav" }));
        for (const type of ["dragenter", "drop"])
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      },
      [...sample("en_01")],
    );
    await page.getByText(/^calendar.wav: \d words/).waitFor({ timeout: 40_000 });
    expect(wordErrorRate("What is on my calendar at two fifteen?", await editor.text()).errors).toBe(0);
    await editor.button("History").click();
    await editor.button("Export calendar.wav").click();
    const [download] = await Promise.all([page.waitForEvent("download"), editor.button(/\.srt/).click()]);
    expect(download.suggestedFilename()).toMatch(/\.srt$/);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(/^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\n.*fifteen/i);
  });

  it("keeps the text over a reload, and each tab its own", async () => {
    const page = await launch();
    await editor.field.fill("Not lost.");
    await page.reload();
    await expect.poll(() => editor.text()).toBe("Not lost.");
    const second = await EditorPage.open(page.context(), suite.server.http);
    expect(await second.text()).toBe("");
    await second.field.fill("Another text.");
    await page.reload();
    await expect.poll(() => editor.text()).toBe("Not lost.");
    await second.page.close();
    await page.close();
    // Both windows are gone: the next one takes up what was written last.
    const third = await EditorPage.open(second.page.context(), suite.server.http);
    await expect.poll(() => third.text()).toBe("Another text.");
  });

  it("speaks the browser's language, and remembers another choice and the colours", async () => {
    const page = await launch({ locale: "ru-RU" });
    await editor.untilState("connected", "listening");
    expect(await page.locator(".state-word").textContent()).toBe("Подключён - говорите");
    expect(await page.title()).toBe("Диктовка");
    await editor.button("EN").click();
    await editor.button(/^Colours/).click();
    await editor.button(/^Colours/).click();
    await page.reload();
    await editor.untilState("connected", "listening");
    expect(await page.locator(".state-word").textContent()).toBe("Connected - speak");
    expect(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dataset.theme])).toEqual([
      "en",
      "dark",
    ]);
  });

  it("is used by the keyboard alone", async () => {
    const page = await launch();
    const { keyboard } = page;
    await editor.untilState("connected", "listening");
    await keyboard.type("Typed without a mouse.");
    await keyboard.press("F1");
    await editor.untilState("paused");
    await keyboard.press("F1");
    await editor.untilState("connected", "listening");
    await keyboard.press("F3");
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe("Typed without a mouse.");
    await keyboard.press("F4");
    expect(await editor.text()).toBe("");
    await keyboard.press("Control+z");
    expect(await editor.text()).toBe("Typed without a mouse.");
    const names = new Set<string>();
    for (let i = 0; i < 24; i++) {
      await keyboard.press("Tab");
      names.add(
        await page.evaluate(() => {
          const element = document.activeElement as HTMLElement;
          const outline = getComputedStyle(element).outlineStyle;
          return element === document.body ? "" : `${element.title || element.textContent} ${outline}`;
        }),
      );
    }
    for (const name of [
      "Tap to",
      "Undo",
      "Copy every",
      "Clear",
      "Find",
      "Transcribe",
      "Export",
      "Settings",
      "Keys and help",
      "Microphone",
      "Language of",
    ])
      expect([...names].find((each) => each.startsWith(name))).toMatch(/solid$/);
  });

  it.each(["en-US", "ru-RU"])("fits into 320 pixels (%s), with everything in reach", async (locale) => {
    const page = await launch({ locale, width: 320, height: 640 });
    await editor.untilState("connected", "listening");
    await editor.field.fill("An-unusually-long-word-".repeat(8));
    const outside = () =>
      page.evaluate(() =>
        [
          document.documentElement,
          ...document.querySelectorAll("button, select, .record-words, .small-print, textarea"),
        ]
          .map((element) => [element.className || element.tagName, element.getBoundingClientRect()] as const)
          .filter(([, { left, right, bottom }]) => left < 0 || right > 320 || bottom > 640)
          .map(([name]) => name),
      );
    expect(await outside()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    for (const button of await page.locator("button").all())
      expect((await button.boundingBox())!.width).toBeGreaterThanOrEqual(24);
  });
});
