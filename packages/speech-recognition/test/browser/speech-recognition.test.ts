/** The ponyfill in a real browser, with a person's voice as the microphone and a server that knows Whisper base. */
import { wordErrorRate } from "@stt/core";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { launchChromium, skipWithoutChromium, type TestBrowser } from "../../../client-web/test/support/chromium.js";
import { BASE_MODEL, human } from "../../../server/test/support/human.js";
import { createTestServer, type TestServer } from "../../../server/test/support/test-server.js";
import { createSite, type Site } from "../support/site.js";

const NAME = "en_austen_amiable";
const SAID = human(NAME).text;
const WORDS = "He might even have been made amiable himself";
const errors = (heard: string) => wordErrorRate(SAID, heard).errors;

describe.skipIf(skipWithoutChromium)("SpeechRecognition in Chromium", { timeout: 90_000 }, () => {
  let server: TestServer;
  let site: Site;
  let chromium: TestBrowser;
  let tab: Page;

  beforeAll(async () => {
    // Live text by the fast toy model: it is there in time on a busy machine too.
    server = await createTestServer({ ...BASE_MODEL, realtimeModelType: "micro", partialAudioContext: 256 });
    site = await createSite();
    chromium = await launchChromium({ hears: `human/${NAME}` });
  }, 120_000);
  afterAll(async () => {
    await chromium?.close();
    await site?.close();
    await server?.server.close();
  });
  beforeEach(async () => {
    tab = await chromium.browser.newPage();
    await tab.goto(site.url);
  });
  afterEach(() => tab.close());

  it("one utterance: interim results, one final, then it ends, in the order of the standard", async () => {
    const heard = await tab.evaluate(async (url) => {
      const Recognition = page.createSpeechRecognition({ url });
      const recognition = new Recognition();
      recognition.interimResults = true;
      recognition.lang = "en-US";
      recognition.phrases = [new page.SpeechRecognitionPhrase("amiable", 2)];
      const { events, results, ended } = page.record(recognition);
      recognition.start();
      const again = page.thrownBy(() => recognition.start());
      await ended;
      return { events, results, again };
    }, server.url);
    expect(heard.again).toBe("InvalidStateError");
    const order = heard.events.filter((name, i) => name !== "interim" || heard.events[i - 1] !== "interim");
    expect(order).toEqual([
      "start",
      "audiostart",
      "soundstart",
      "speechstart",
      "interim",
      "speechend",
      "soundend",
      "audioend",
      "final",
      "end",
    ]);
    const final = heard.results.at(-1)!;
    expect(errors(final.texts[0]!), final.texts[0]).toBe(0);
    // As a browser gives it: words, without the marks of a sentence.
    expect(final.texts[0]).not.toMatch(/[.,!?]/);
    expect(final).toMatchObject({ index: 0, isFinal: [true] });
    expect(final.confidence).toBeGreaterThan(0.5);
    expect(heard.results[0]).toMatchObject({ index: 0, isFinal: [false], confidence: 0 });
  });

  it("continuous: it goes on until stop, which still gives the last words; punctuation where it is wished for", async () => {
    const heard = await tab.evaluate(async (url) => {
      const Recognition = page.createSpeechRecognition({ url, punctuation: true });
      const recognition = new Recognition();
      recognition.continuous = true;
      recognition.maxAlternatives = 5;
      const { events, results, ended } = page.record(recognition);
      const spoke = new Promise((resolve) => recognition.addEventListener("speechstart", resolve));
      let ways: string[] = [];
      recognition.addEventListener("result", ({ results: list }) => {
        ways = [...list[0]!].map(({ transcript }) => transcript);
      });
      const first = new Promise((resolve) => recognition.addEventListener("result", resolve, { once: true }));
      recognition.start();
      await spoke;
      await first;
      recognition.stop();
      recognition.stop();
      await ended;
      // It may be begun again, and be dropped again.
      const again = page.record(recognition);
      recognition.start();
      recognition.abort();
      await again.ended;
      return { events, results, ways, again: again.events };
    }, server.url);
    expect(heard.events).not.toContain("interim");
    expect(heard.ways[0]).toMatch(/\.$/);
    expect(heard.ways.map(errors)).toEqual([0, 0]);
    expect(heard.ways[1]).not.toMatch(/[.,]/);
    expect(heard.events.at(-1)).toBe("end");
    expect(heard.again).toEqual(["error:aborted", "end"]);
  });

  it("stop before anybody spoke ends without a result and without an error", async () => {
    const events = await tab.evaluate(async (url) => {
      const recognition = new (page.createSpeechRecognition({ url }))();
      const { events, ended } = page.record(recognition);
      recognition.addEventListener("audiostart", () => recognition.stop());
      recognition.start();
      await ended;
      return events;
    }, server.url);
    expect(events).toEqual(["start", "audiostart", "audioend", "end"]);
  });

  it.each([
    ["a language that there is not", { lang: "tlh" }, "language-not-supported"],
    ["a server that is not there", { url: "ws://127.0.0.1:9" }, "network"],
  ])("%s is an error by its name", async (_, options: { lang?: string; url?: string }, code) => {
    const { lang = "en", url = server.url } = options;
    const events = await tab.evaluate(
      async ([address, language]) => {
        const recognition = new (page.createSpeechRecognition({ url: address! }))();
        recognition.lang = language!;
        const { events, ended } = page.record(recognition);
        recognition.start();
        await ended;
        return events;
      },
      [url, lang],
    );
    expect(events.slice(-2)).toEqual([`error:${code}`, "end"]);
  });

  it("react-speech-recognition, as npm has it: transcript, voice command, end", async () => {
    await tab.exposeFunction("onCommand", () => commands.push("heard"));
    const commands: string[] = [];
    await tab.evaluate(
      ([url, command]) => {
        const { onCommand } = globalThis as unknown as { onCommand(): void };
        page.showDictaphone(url!, command!, onCommand);
      },
      [server.url, WORDS],
    );
    await tab.waitForSelector("#supported:text('true')");
    await tab.evaluate(() => page.ReactSpeechRecognition.startListening({ language: "en-US" }));
    await tab.waitForSelector("#listening:text('true')");
    await tab.waitForFunction(() => document.querySelector("#interim")!.textContent !== "");
    await tab.waitForSelector("#listening:text('false')");
    const text = (await tab.textContent("#final"))!;
    expect(errors(text), text).toBe(0);
    expect(commands).toEqual(["heard"]);
    await tab.click("#reset");
    expect(await tab.textContent("#transcript")).toBe("");
  });

  it("annyang, as npm has it, finds its command", async () => {
    const heard = await tab.evaluate(
      async ([url, command]) => {
        (globalThis as { SpeechRecognition?: unknown }).SpeechRecognition = page.createSpeechRecognition({ url: url! });
        const { annyang } = page;
        annyang.addCommands({ "he might even have been made *what": (what: string) => found(what) });
        let found: (what: string) => void = () => {};
        const what = new Promise<string>((resolve) => {
          found = resolve;
        });
        annyang.start({ autoRestart: false, continuous: false });
        const result = await what;
        annyang.abort();
        return { result, supported: annyang.isSpeechRecognitionSupported(), command };
      },
      [server.url, WORDS],
    );
    expect(heard).toMatchObject({ result: "amiable himself", supported: true });
  });
});

describe.skipIf(skipWithoutChromium)("without words", { timeout: 60_000 }, () => {
  let server: TestServer;
  let site: Site;
  const browsers: TestBrowser[] = [];

  beforeAll(async () => {
    server = await createTestServer();
    site = await createSite();
  }, 60_000);
  afterEach(async () => {
    for (const each of browsers.splice(0)) await each.close();
  });
  afterAll(async () => {
    await site?.close();
    await server?.server.close();
  });

  it.each([
    ["nobody speaks", {}, ["start", "audiostart", "audioend", "error:no-speech", "end"]],
    ["there is no microphone", { hears: null }, ["error:audio-capture", "end"]],
    ["the microphone is refused", { allow: false }, ["error:not-allowed", "end"]],
  ])("%s", async (_, options, expected) => {
    const chromium = await launchChromium(options);
    browsers.push(chromium);
    const tab = await chromium.browser.newPage();
    await tab.goto(site.url);
    const events = await tab.evaluate(async (url) => {
      const recognition = new (page.createSpeechRecognition({ url, noSpeechTimeoutMs: 1000 }))();
      const { events, ended } = page.record(recognition);
      recognition.start();
      await ended;
      return events;
    }, server.url);
    expect(events).toEqual(expected);
  });
});
