/** What to photograph. `show` brings the page to where the picture is taken. */

const NARROW = { width: 360, height: 740 };

export const PICTURES = [
  { name: "light", hears: "human/en_austen_leisure", show: tentative(50) },
  { name: "dark", hears: "human/en_kennedy", theme: "dark", show: tentative(50) },
  { name: "russian", hears: "human/ru_all_busy", locale: "ru-RU", show: tentative(50) },
  { name: "narrow", hears: "human/en_austen_leisure", ...NARROW, show: tentative(40) },
  { name: "narrow-russian", hears: "human/ru_review", locale: "ru-RU", theme: "dark", ...NARROW, show: tentative(30) },
  { name: "error", hears: null, ...NARROW, show: (page) => page.locator(".notice-bad").waitFor() },
  {
    name: "first-run",
    hears: "human/en_austen_amiable",
    preferences: { introduced: false },
    show: (page) => page.locator(".step [role=status]").waitFor({ timeout: 90_000 }),
  },
  {
    name: "first-run-russian",
    hears: null,
    locale: "ru-RU",
    preferences: { introduced: false },
    ...NARROW,
    show: (page) => page.locator(".step[data-state=failed]").waitFor(),
  },
  { name: "history", hears: "human/en_austen_selfish", preferences: { keepsSound: true }, show: history },
  { name: "words", hears: "silence_20s", show: words },
  { name: "files", hears: "human/en_kennedy", show: files },
  { name: "commands", hears: "silence_20s", theme: "dark", show: commands },
  { name: "settings", hears: "silence_20s", locale: "ru-RU", theme: "dark", show: settings },
  { name: "paused", hears: "human/ru_voicemail", locale: "ru-RU", ...NARROW, show: paused },
];

/** Live text is on the page, after so many letters of text; on a slow machine, where finals are faster, any text. */
function tentative(letters) {
  const holds = ([count, wantsTentative]) =>
    (document.querySelector("textarea")?.value.length ?? 0) > count &&
    (!wantsTentative || document.querySelector(".tentative") !== null);
  return async (page) => {
    const options = { polling: 50, timeout: 30_000 };
    await page
      .waitForFunction(holds, [letters, true], options)
      .catch(() => page.waitForFunction(holds, [5, false], { ...options, timeout: 60_000 }));
  };
}

async function final(page) {
  await page.locator("[role=log] p").first().waitFor({ state: "attached", timeout: 90_000 });
}

function open(page, name) {
  return page.locator(".page-header").getByRole("button", { name }).click();
}

async function history(page) {
  await final(page);
  await open(page, "History");
  await page.getByRole("button", { name: "Decode again" }).first().click();
  await page.locator(".decode select option").first().waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Play" }).first().click();
  await page.locator(".entry mark").waitFor();
}

async function words(page) {
  await page.evaluate(() => {
    const terms = [
      { term: "Kubernetes", soundsLike: ["cooper netties", "kuber nettis"] },
      { term: "Tallinn", soundsLike: [] },
      { term: "Siobhan", soundsLike: ["shove on"] },
    ];
    localStorage.setItem("stt-editor.words", JSON.stringify(terms));
  });
  await page.reload();
  const text = "We deploy it on coober nettis in Tallinn, and Siobhan looks after it.";
  await page.locator("textarea").fill(text);
  await page.evaluate(() => document.querySelector("textarea").setSelectionRange(16, 29));
  await page.locator(".teach").waitFor();
  await open(page, "Your words");
  await page.locator(".terms").waitFor();
}

async function files(page, recording) {
  await tentative(30)(page);
  const dropped = ["human/en_austen_leisure", "en_paragraph_1", "en_04"].map((name) => ({
    name: `${name.split("/").at(-1)}.wav`,
    bytes: [...recording(name)],
  }));
  await page.evaluate((all) => {
    const data = new DataTransfer();
    for (const { name, bytes } of all) data.items.add(new File([new Uint8Array(bytes)], name, { type: "audio/wav" }));
    for (const type of ["dragenter", "drop"])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, dropped);
  await page.locator(".files [data-state=done]").waitFor({ timeout: 90_000 });
  await page.locator(".files small").waitFor({ timeout: 90_000 });
}

async function commands(page) {
  await page.locator("textarea").fill("The palette knows every command by its name.");
  await page.keyboard.press("Control+k");
  await page.locator(".palette").waitFor();
  await page.keyboard.type("export");
}

async function settings(page) {
  await page.locator(".status[data-state=connected]").waitFor();
  await open(page, "Настройки");
  await page.locator(".panel").waitFor();
}

async function paused(page) {
  await final(page);
  await page.keyboard.press("F1");
  await page.locator(".status[data-state=paused]").waitFor();
}
