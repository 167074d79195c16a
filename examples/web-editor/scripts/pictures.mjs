/** What to photograph. `show` brings the page to where the picture is taken. */

const NARROW = { width: 360, height: 740 };

const RUSSIAN = { locale: "ru-RU" };
const DARK = { theme: "dark" };
const FIRST = { preferences: { introduced: false } };
/** Nobody speaks. */
const QUIET = { hears: "silence_20s" };

export const PICTURES = [
  // Every state of the control.
  { name: "ready", ...QUIET, show: state("connected") },
  { name: "light", hears: "human/en_austen_leisure", show: tentative(50) },
  { name: "dark", hears: "human/en_kennedy", ...DARK, show: tentative(50) },
  { name: "russian", hears: "human/ru_all_busy", ...RUSSIAN, show: tentative(50) },
  { name: "narrow", hears: "human/en_austen_leisure", ...NARROW, show: tentative(40) },
  { name: "narrow-russian", hears: "human/ru_review", ...RUSSIAN, ...DARK, ...NARROW, show: tentative(30) },
  { name: "thinking", hears: "human/en_austen_amiable", ...DARK, show: thinking },
  { name: "paused", hears: "human/ru_voicemail", ...RUSSIAN, ...NARROW, show: paused },
  { name: "offline", hears: "human/en_austen_leisure", show: offline },
  { name: "offline-russian", hears: "human/ru_all_busy", ...RUSSIAN, ...DARK, ...NARROW, show: offline },
  { name: "error", hears: null, ...NARROW, show: (page) => page.locator(".notice-bad").waitFor() },
  { name: "forced-colours", hears: "human/en_austen_leisure", ...DARK, forcedColors: true, show: tentative(50) },
  // The first run.
  { name: "first-run", hears: "human/en_austen_amiable", ...FIRST, show: readAloud },
  { name: "first-run-dark", ...QUIET, ...DARK, ...RUSSIAN, ...FIRST, show: (page) => page.locator(".wave").waitFor() },
  {
    name: "first-run-russian",
    hears: null,
    ...RUSSIAN,
    ...FIRST,
    ...NARROW,
    show: (page) => page.locator(".step[data-state=failed]").waitFor(),
  },
  // What opens beside the text or over it.
  { name: "find", ...QUIET, show: find },
  { name: "find-narrow", ...QUIET, ...NARROW, ...DARK, ...RUSSIAN, show: find },
  { name: "commands", ...QUIET, ...DARK, show: commands },
  { name: "keys", ...QUIET, show: panel("Keys and help") },
  { name: "keys-russian", ...QUIET, ...RUSSIAN, ...NARROW, show: panel("Клавиши и справка") },
  { name: "history", hears: "human/en_austen_selfish", preferences: { keepsSound: true }, show: history },
  { name: "doubts", hears: "human/en_kennedy", preferences: { marksDoubt: true }, show: doubts },
  { name: "words", ...QUIET, show: words },
  { name: "files", hears: "human/en_kennedy", show: files },
  { name: "files-narrow", hears: "human/ru_review", ...RUSSIAN, ...NARROW, show: files },
  { name: "settings", ...QUIET, ...RUSSIAN, ...DARK, show: panel("Настройки") },
  { name: "settings-narrow", ...QUIET, ...NARROW, show: panel("Settings") },
];

/** The control says so. */
function state(name) {
  return (page) => page.locator(`.status[data-state=${name}]`).waitFor({ timeout: 60_000 });
}

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

async function files(page, { recording }) {
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
  // One is ready and another under way; on a quick machine all are ready.
  const isFar = () => {
    const done = document.querySelectorAll(".files [data-state=done]").length;
    return done === 3 || (done > 0 && document.querySelector(".files small") !== null);
  };
  await page.waitForFunction(isFar, undefined, { polling: 50, timeout: 90_000 });
}

async function commands(page) {
  await page.locator("textarea").fill("The palette knows every command by its name.");
  await page.keyboard.press("Control+k");
  await page.locator(".palette").waitFor();
  await page.keyboard.type("export");
}

/** @param name of the button that opens it */
function panel(name) {
  return async (page) => {
    await state("connected")(page);
    await open(page, name);
    await page.locator(".panel").waitFor();
  };
}

async function paused(page) {
  await final(page);
  await page.keyboard.press("F1");
  await state("paused")(page);
}

/** A sentence is over, and is being written. */
async function thinking(page) {
  await page.locator(".status[data-state=finishing]").waitFor({ timeout: 60_000 });
}

async function offline(page, { line }) {
  await tentative(30)(page);
  line.cut();
  await state("reconnecting")(page);
  await page.waitForFunction(() => /[3-9]/.test(document.querySelector(".record-facts").textContent ?? ""));
}

async function readAloud(page) {
  await page.locator(".step [role=status]").waitFor({ timeout: 90_000 });
}

async function find(page) {
  const isRussian = (await page.locator("html").getAttribute("lang")) === "ru";
  const text = isRussian
    ? "Чай на столе, чай в чашке.\nКто пьёт чай утром, тот пьёт его и вечером."
    : "Tea on the table, tea in the cup.\nWho drinks tea in the morning drinks it in the evening too.";
  await page.locator("textarea").fill(text);
  await page.keyboard.press("Control+f");
  await page
    .locator(".find input")
    .first()
    .fill(isRussian ? "чай" : "tea");
  await page.keyboard.press("Enter");
  await page.locator(".present").waitFor();
}

async function doubts(page) {
  await final(page);
  await page.locator(".doubtful").first().waitFor({ timeout: 30_000 });
}
