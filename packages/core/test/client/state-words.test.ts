import { describe, expect, it } from "vitest";
import { failureText, localeOf, stateKeyOf, stateWord } from "../../src/index.js";

describe("the words for states", () => {
  it.each([
    [{ status: "listening", isSpeaking: false, reconnect: null }, "Listening", "Слушаю"],
    [{ status: "listening", isSpeaking: true, reconnect: null }, "Hearing you", "Слышу вас"],
    [{ status: "connected", isSpeaking: false, reconnect: null }, "Connected - speak", "Подключён - говорите"],
    [
      { status: "reconnecting", isSpeaking: false, reconnect: { nextDelayMs: 500, code: "connection_failed" } },
      "Reconnecting, nothing is lost",
      "Переподключение, ничего не потеряно",
    ],
    [
      { status: "connecting", isSpeaking: false, reconnect: { nextDelayMs: 3000, code: "capacity" } },
      "Server full, retrying in 3 s",
      "Сервер занят, повтор через 3 с",
    ],
  ] as const)("%j reads %s and %s", (view, en, ru) => {
    expect(stateWord(stateKeyOf(view), "en", 3)).toBe(en);
    expect(stateWord(stateKeyOf(view), "ru", 3)).toBe(ru);
  });

  it.each([
    ["denied", "Microphone blocked"],
    ["not_found", "No microphone"],
    ["lost", "No microphone"],
    ["unsupported", "Failed"],
  ] as const)("a failure of the microphone (%s) reads %s", (problem, word) => {
    const error = { code: "microphone_unavailable", problem };
    expect(stateWord(stateKeyOf({ status: "failed", isSpeaking: false, reconnect: null, error }), "en")).toBe(word);
  });

  it("what failed has a sentence in both languages, and the error's own where there is none", () => {
    const message = "No such device.";
    expect(failureText({ code: "capacity", message }, "ru")).toMatch(/^Сервер занят: /);
    expect(failureText({ code: "microphone_unavailable", message, problem: "denied" }, "en")).toContain("blocked");
    expect(failureText({ code: "not_a_code", message }, "ru")).toBe(message);
  });

  it.each([
    [["ru_RU.UTF-8"], "ru"],
    [["ru"], "ru"],
    [["", undefined, "ru-RU"], "ru"],
    [["en_US.UTF-8", "ru_RU"], "en"],
    [["rue_XX"], "en"],
    [["C"], "en"],
    [[], "en"],
  ] as const)("the tags %j choose %s", (tags, locale) => {
    expect(localeOf(...tags)).toBe(locale);
  });
});
