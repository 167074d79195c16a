/** What was said before, and files: found, heard, decoded anew, taken along; and what is taught. */
import { inflateRawSync } from "node:zlib";
import { wordErrorRate } from "@stt/core";
import type { Download, Page } from "playwright-core";
import { expect, it } from "vitest";
import { sample } from "../../../packages/client-web/test/support/chromium.js";
import { describeEditor, type LaunchedEditor } from "./support/editor-suite.js";

const SAID = "What is on my calendar at two fifteen?";
const LEAD = { hears: "en_01", leadMs: 2500 };

/** @param files of `samples/`, by the names they are dropped with */
async function dropFiles(page: Page, files: Readonly<Record<string, string>>): Promise<void> {
  const dropped = Object.entries(files).map(([name, from]) => ({ name, bytes: [...sample(from)] }));
  await page.evaluate((all) => {
    const data = new DataTransfer();
    for (const { name, bytes } of all) data.items.add(new File([new Uint8Array(bytes)], name, { type: "audio/wav" }));
    for (const type of ["dragenter", "drop"])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, dropped);
}

async function bytesOf(download: Download): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describeEditor("the history", {}, (suite) => {
  let editor: LaunchedEditor;

  const launch = async (preferences: Record<string, string | boolean> = {}, hears = LEAD.hears as string | null) => {
    editor = await suite.launch({ ...LEAD, hears, preferences: { language: "en", ...preferences } });
    return editor.page;
  };
  const entries = () => editor.page.locator(".entry");

  it("remembers yesterday's words, finds them, and exports them as whatever one needs", async () => {
    const page = await launch();
    await editor.untilFinal();
    await page.reload();
    await editor.button("History").click();
    await entries().first().waitFor();
    expect(wordErrorRate(SAID, (await entries().locator("p").textContent())!).errors).toBe(0);
    expect(await entries().getByRole("button", { name: "Play" }).count()).toBe(0);
    await page.getByLabel("Find in what was said").fill("hospital");
    await page.getByText("Nothing found").waitFor();
    await page.getByLabel("Find in what was said").fill("CALENDAR");
    await entries().first().waitFor();
    const saved = async (format: string) => {
      await page.locator(".session .menu > button").click();
      const [download] = await Promise.all([page.waitForEvent("download"), editor.button(format).click()]);
      return bytesOf(download);
    };
    expect((await saved("(.vtt)")).toString()).toMatch(/^WEBVTT\n\n00:00:0\d\.\d{3} --> .*\nWhat is/);
    expect((await saved("(.md)")).toString()).toMatch(/^# .*\n\nWhat is on my calendar/);
    const { segments } = JSON.parse((await saved("(.json)")).toString());
    expect(segments[0]).toMatchObject({ language: "en", model: "micro" });
    expect(Math.abs(Date.parse(segments[0].at) - Date.now())).toBeLessThan(120_000);
    expect(textOfDocx(await saved("(.docx)"))).toContain("calendar at two fifteen");
  });

  it("keeps no sound unless it is asked to; then plays it, decodes it again, and forgets it", async () => {
    const page = await launch({ keepsSound: true });
    await editor.untilFinal();
    await editor.button("History").click();
    const play = entries().getByRole("button", { name: "Play" });
    await play.click();
    await expect.poll(() => entries().locator("mark").count(), { interval: 20 }).toBe(1);
    await play.waitFor();
    expect(await entries().locator("mark").count()).toBe(0);
    await entries().getByRole("button", { name: "Decode again" }).click();
    await page.locator(".decode").getByRole("button", { name: "Decode again" }).click();
    await expect.poll(() => page.locator(".decode").count(), { timeout: 30_000 }).toBe(0);
    expect(wordErrorRate(SAID, (await entries().locator("p").textContent())!).errors).toBe(0);
    await editor.button("Delete the sound").click();
    await expect.poll(() => entries().getByRole("button", { name: "Play" }).count()).toBe(0);
    page.on("dialog", (dialog) => void dialog.accept());
    await editor.button("Delete the history").click();
    await expect.poll(() => entries().count()).toBe(0);
    expect(await page.locator(".panel").textContent()).toContain("on this device, and nowhere else");
  });

  it("transcribes many files while one goes on dictating, says how far they are, and keeps their texts", async () => {
    const page = await launch();
    await editor.untilState("connected", "listening", "hearing");
    await dropFiles(page, { "one.wav": "en_07", "two.wav": "en_02", "broken.wav": "silence_20s" });
    const rows = page.locator(".files li");
    await expect.poll(() => rows.count()).toBe(3);
    await editor.untilFinal();
    await expect.poll(() => rows.first().getAttribute("data-state"), { timeout: 40_000 }).toBe("done");
    await expect.poll(() => rows.nth(2).getAttribute("data-state"), { timeout: 60_000 }).toBe("done");
    expect(wordErrorRate(SAID, await editor.text()).errors).toBe(0);
    expect(await editor.state()).toMatch(/listening|connected/);
    await rows.first().getByRole("button", { name: "Insert at the caret" }).click();
    expect(await editor.text()).toBe("What is on my calendar at two fifteen? It was windy in June.");
    await editor.button("History").click();
    await expect.poll(() => page.locator(".session h3").allTextContents()).toHaveLength(3);
    expect((await page.locator(".session h3").allTextContents()).join()).toContain("one.wav");
  });

  it("says which file cannot be read, and goes on with the others", async () => {
    const page = await launch({}, "silence_20s");
    await editor.untilState("connected", "listening");
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["Milk, bread, tea."], "notes.txt", { type: "text/plain" }));
      for (const type of ["dragenter", "drop"])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => page.locator(".files [role=alert]").textContent()).toMatch(/^notes.txt: .*choose a WAV/);
    await dropFiles(page, { "one.wav": "en_07" });
    await editor.untilText("It was windy in June.");
    expect(await editor.state()).toMatch(/listening|connected/);
  });

  it("learns a word in two clicks: a wrong one selected, and Teach", async () => {
    const page = await launch({}, "silence_20s");
    await editor.field.fill("We deploy it on cooper netties today.");
    await editor.field.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(16, 30));
    await editor.button("Teach this word").click();
    await page.keyboard.type("Kubernetes");
    await page.keyboard.press("Enter");
    expect(await editor.text()).toBe("We deploy it on Kubernetes today.");
    await page.keyboard.press("Control+z");
    expect(await editor.text()).toBe("We deploy it on cooper netties today.");
    await page.reload();
    await editor.button("Your words").click();
    expect(await page.locator(".terms li").textContent()).toContain("heard as cooper netties");
    const [download] = await Promise.all([page.waitForEvent("download"), editor.button("Export .csv").click()]);
    const csv = await bytesOf(download);
    expect(csv.toString()).toBe("Kubernetes, cooper netties\n");
    await editor.button("Delete Kubernetes").click();
    expect(await page.locator(".terms li").count()).toBe(0);
    const buffer = Buffer.concat([csv, Buffer.from('"Smith, John";smit jon\n# a note\n\nTallinn\n')]);
    await page.locator(".panel input[type=file]").setInputFiles({ name: "words.csv", mimeType: "text/csv", buffer });
    await expect.poll(() => page.locator(".term").allTextContents()).toEqual(["Kubernetes", "Smith, John", "Tallinn"]);
  });

  it("offers to remember a word that was selected and said anew, and nothing when it was a sentence", async () => {
    const page = await launch({}, "en_thank_you");
    await editor.field.fill("Before. Wrong. After.");
    await editor.field.evaluate((field: HTMLTextAreaElement) => field.setSelectionRange(8, 13));
    await editor.untilFinal();
    const [, said] = /^Before\. (.*?)\.? After\.$/.exec(await editor.text())!;
    expect(said).not.toMatch(/wrong/i);
    await expect.poll(() => page.locator(".message span").textContent()).toMatch(/^“Wrong” became “/);
    await editor.button("Remember").click();
    await editor.button("Your words").click();
    expect(await page.locator(".terms li").textContent()).toContain("heard as Wrong");
  });
});

/** A docx is a zip: its document, as far as this test has to read it. */
function textOfDocx(docx: Buffer): string {
  expect(docx.subarray(0, 2).toString()).toBe("PK");
  for (let at = 0; ; ) {
    at = docx.indexOf("PK\u0001\u0002", at);
    if (at < 0) throw new Error("The file has no word/document.xml.");
    const nameLength = docx.readUInt16LE(at + 28);
    const name = docx.subarray(at + 46, at + 46 + nameLength).toString();
    if (name === "word/document.xml") {
      const size = docx.readUInt32LE(at + 20);
      const local = docx.readUInt32LE(at + 42);
      const from = local + 30 + docx.readUInt16LE(local + 26) + docx.readUInt16LE(local + 28);
      const packed = docx.subarray(from, from + size);
      const whole = docx.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed);
      return whole.toString().replace(/<[^>]+>/g, " ");
    }
    at += 4;
  }
}
