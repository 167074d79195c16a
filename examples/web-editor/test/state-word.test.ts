/** The word for a connection that is away, beside what is lost. */
import { expect, it } from "vitest";
import { wordOf } from "../src/recording/record-control.js";

it("promises that nothing is lost only while nothing is", () => {
  expect(wordOf("reconnecting", false, "en", 0)).toBe("Reconnecting, nothing is lost");
  expect(wordOf("reconnecting", true, "en", 0)).toBe("Reconnecting");
  expect(wordOf("reconnecting", false, "ru", 0)).toContain("ничего не потеряно");
  expect(wordOf("reconnecting", true, "ru", 0)).not.toContain("ничего не потеряно");
  expect(wordOf("server_full", false, "en", 7)).toContain("7 s");
});
