import { describe, expect, it } from "vitest";
import { pickSessionOptions } from "../../src/client/options.js";
import { createConfig, loadConfig } from "../../src/config/env.js";
import {
  isDesktopLocale,
  normalizeLanguage,
  readLanguage,
  readLanguages,
  WHISPER_LANGUAGES,
} from "../../src/config/languages.js";
import { decodeClientMessage } from "../../src/protocol/codec.js";

/** What people and programs write, and the code that Whisper has for it. */
const RIGHT = [
  ["auto", "auto"],
  [" AUTO ", "auto"],
  ["en", "en"],
  ["EN", "en"],
  [" ru ", "ru"],
  ["en-US", "en"],
  ["pt_BR", "pt"],
  ["zh-Hant-TW", "zh"],
  ["yue", "yue"],
  ["no", "no"],
  ["nb", "no"],
  ["nb-NO", "no"],
  ["nn", "nn"],
  ["iw", "he"],
  ["ji", "yi"],
  ["in", "id"],
  ["jv", "jw"],
  ["jw", "jw"],
  ["fil", "tl"],
  ["fil_PH", "tl"],
  ["tl", "tl"],
  ["eng", "en"],
  ["rus", "ru"],
  ["cmn", "zh"],
] as const;
const WRONG = ["xx", "klingon", "tlh", "Russian", "e", "en,ru", "-", "日本語", "x".repeat(200)];

const start = { type: "start", protocol: 1, audio: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 } };
const decode = (message: object) => decodeClientMessage(JSON.stringify(message));

/** Every way in of this package, from what was written to what is understood. */
const WAYS: Record<string, (value: string) => unknown> = {
  "a function": (value) => readLanguage(value),
  "the variable": (value) => loadConfig({ LANGUAGE: value }).config.language,
  "a .env file": (value) => loadConfig({}, { LANGUAGE: value }).config.language,
  "configuration in code": (value) => createConfig({ language: value }).language,
  "the native wire's start": (value) => (decode({ ...start, language: value }) as { language?: string }).language,
  "the native wire's update": (value) =>
    (decode({ type: "update", language: value }) as { language?: string }).language,
  "options of the SDK": (value) => pickSessionOptions({ language: value }).language,
};

describe.each(Object.entries(WAYS))("a language by %s", (_, read) => {
  it.each(RIGHT)("%j is %s", (written, code) => expect(read(written)).toBe(code));

  it.each(WRONG)("%j is refused in a sentence with the value and examples", (value) => {
    expect(() => read(value)).toThrow(/such as en, ru/);
    expect(() => read(value)).toThrow(`"${value.slice(0, 50)}`);
  });
});

describe("a language that is left out", () => {
  it.each([undefined, null, "", "  "])("%j is none", (value) => {
    expect(readLanguage(value)).toBeUndefined();
    expect(readLanguages(value)).toBeUndefined();
    expect(pickSessionOptions({ language: value as string, languages: value as never })).toEqual({});
  });

  it.each([undefined, "", "  "])("%j is none on the native wire", (value) => {
    expect((decode({ ...start, language: value }) as { language?: string }).language).toBeUndefined();
  });

  it("leaves the server's setting", () => {
    expect(loadConfig({ LANGUAGE: "", LANGUAGES: " " })).toMatchObject({
      config: { language: "auto", languages: [] },
      warnings: [],
    });
  });
});

describe("candidates for auto", () => {
  it("are a list or a text, normalised and without repetition", () => {
    expect(readLanguages(["EN", "en-GB", "pt_BR", ""])).toEqual(["en", "pt"]);
    expect(readLanguages("en, ru;nb de")).toEqual(["en", "ru", "no", "de"]);
    expect(readLanguages([])).toEqual([]);
    expect(loadConfig({ LANGUAGES: "EN, ru-RU" }).config.languages).toEqual(["en", "ru"]);
    expect(createConfig({ languages: ["EN", "ru"] }).languages).toEqual(["en", "ru"]);
    expect(decode({ ...start, languages: ["RU", "en-US", "ru"] })).toMatchObject({ languages: ["ru", "en"] });
    expect(pickSessionOptions({ languages: ["RU", "nb"] })).toEqual({ languages: ["ru", "no"] });
  });

  it.each([["auto"], ["xx"], [5]])("%j is none of them", (entry) => {
    expect(() => readLanguages(["en", entry])).toThrow(`languages has ${JSON.stringify(entry)}`);
    expect(() => decode({ ...start, languages: ["en", entry] })).toThrow(`languages[1] is ${JSON.stringify(entry)}`);
  });

  it("are refused as a variable with its name", () => {
    expect(() => loadConfig({ LANGUAGES: "en,xx" })).toThrow(
      'LANGUAGES is "en,xx"; allowed is codes of languages that Whisper knows, such as en,ru.',
    );
  });
});

describe("the desktop's LANGUAGE", () => {
  it.each([
    ["en_US:en", undefined, true],
    ["en_US.UTF-8", undefined, true],
    ["C", undefined, true],
    ["en_US", "en_US.UTF-8", true],
    ["pt_BR", "en_US.UTF-8", false],
    ["pt_BR", undefined, false],
    ["en", "en_US.UTF-8", false],
  ])("%s beside LANG=%s: %s", (value, locale, isDesktop) => expect(isDesktopLocale(value, locale)).toBe(isDesktop));

  it("is left out with a warning, and what somebody means is not", () => {
    const desktop = loadConfig({ LANGUAGE: "en_US", LANG: "en_US.UTF-8" });
    expect(desktop.config.language).toBe("auto");
    expect(desktop.warnings).toEqual([expect.stringContaining('LANGUAGE="en_US" is the desktop')]);
    expect(loadConfig({ LANGUAGE: "pt_BR", LANG: "en_US.UTF-8" }).config.language).toBe("pt");
    expect(loadConfig({ LANG: "en_US.UTF-8" }, { LANGUAGE: "en_US" }).config.language).toBe("en");
  });
});

it("every language of Whisper is its own code", () => {
  expect(WHISPER_LANGUAGES.map((code) => normalizeLanguage(code))).toEqual(WHISPER_LANGUAGES);
});
