import { createConfig } from "@stt/core/config";
import { describe, expect, it } from "vitest";
import { defaultSettings, overridesOf, withOverrides } from "../../src/settings/session-settings.js";

const settingsOf = (server: { languages?: string[] }, session: Parameters<typeof overridesOf>[0]) =>
  withOverrides(defaultSettings(createConfig(server)), overridesOf(session));

describe("the languages among which a session decides", () => {
  it.each([
    ["a guess, where nobody names any", [], { likelyLanguages: ["de", "fr"] }, ["de", "fr"]],
    ["the server's, whatever is guessed", ["en", "ru"], { likelyLanguages: ["de", "fr"] }, ["en", "ru"]],
    ["the session's own, before both", ["en", "ru"], { likelyLanguages: ["de"], languages: ["es"] }, ["es"]],
    ["all, where the session says so", [], { likelyLanguages: ["de", "fr"], languages: [] }, []],
    ["all, where nothing is said", [], {}, []],
  ])("are %s", (_, languages, session, expected) => {
    expect(settingsOf({ languages }, session).languages).toEqual(expected);
  });

  it("for audio that proves little: a guess counts before the usual ones, not before the server's", () => {
    const likely = (languages: string[]) =>
      settingsOf({ languages }, { likelyLanguages: ["uk", "pl"] }).likelyLanguages;
    expect(likely([])).toEqual(["uk", "pl"]);
    expect(likely(["en", "ru"])).toEqual(["en", "ru"]);
  });
});

describe("overridesOf", () => {
  it("names what was given, under the names of the settings", () => {
    expect(
      overridesOf({ language: "ru", words: undefined, endpointing: { silenceMs: 300, minUtteranceMs: undefined } }),
    ).toEqual({ language: "ru", silenceMs: 300 });
  });
});
