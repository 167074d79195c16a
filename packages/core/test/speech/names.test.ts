import { expect, it } from "vitest";
import { beginsWithName, isNameIn } from "../../src/speech/names.js";

it.each([
  ["We saw Lisbon. It rained.", "Lisbon", true],
  ["We saw it; Lisbon slept.", "Lisbon", true],
  ["Lisbon slept.", "Lisbon", false],
  ["It rained. Lisbon slept.", "Lisbon", false],
  ["We saw Lisbons.", "Lisbon", false],
  // Elsewhere it is a word like others.
  ["We met Rose under a rose.", "Rose", false],
  ["Мы видели Анну и Анна видела нас.", "Анна", true],
  ["Анна видела нас.", "Анна", false],
])("in %j the word %s is a name: %j", (text, word, expected) => expect(isNameIn(text, word)).toBe(expected));

it("knows the ways of English and Russian only", () => {
  expect(beginsWithName("Grand Place", "en")).toBe(true);
  expect(beginsWithName("Красная Площадь", "ru")).toBe(true);
  expect(beginsWithName("Le Monde", "fr")).toBe(false);
  expect(beginsWithName("lisbon Town", "en")).toBe(false);
});
