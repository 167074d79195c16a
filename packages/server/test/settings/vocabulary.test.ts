import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createConfig } from "@stt/core/config";
import { afterAll, describe, expect, it } from "vitest";
import { defaultSettings, overridesOf, withOverrides } from "../../src/settings/session-settings.js";
import { readVocabularyFile } from "../../src/settings/vocabulary-file.js";

const folder = mkdtempSync(join(tmpdir(), "stt-vocabulary-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the vocabulary of a session", () => {
  const config = createConfig({ vocabulary: ["Grafana", { term: "Kubernetes", soundsLike: ["cooper netties"] }] });

  it("is the server's where the session has none, and both where it has", () => {
    const base = defaultSettings(config, [{ term: "Silero", soundsLike: [] }]);
    expect(withOverrides(base, overridesOf({ language: "en" })).vocabulary.map(({ term }) => term)).toEqual([
      "Grafana",
      "Kubernetes",
      "Silero",
    ]);
    const own = overridesOf({ vocabulary: ["Anna", { term: "Kubernetes", soundsLike: ["cuba"] }] });
    expect(withOverrides(base, own).vocabulary).toEqual([
      { term: "Anna", soundsLike: [] },
      { term: "Kubernetes", soundsLike: ["cuba", "cooper netties"] },
      { term: "Grafana", soundsLike: [] },
      { term: "Silero", soundsLike: [] },
    ]);
  });
});

describe("VOCABULARY_FILE", () => {
  it("holds a term a line", () => {
    const file = join(folder, "terms.txt");
    writeFileSync(file, "# ours\nKubernetes, cooper netties\r\nGrafana\n");
    expect(readVocabularyFile(file)).toEqual([
      { term: "Kubernetes", soundsLike: ["cooper netties"] },
      { term: "Grafana", soundsLike: [] },
    ]);
    expect(readVocabularyFile("")).toEqual([]);
  });

  it.each([
    ["more terms than are allowed", "word\n".repeat(501)],
    ["a term that is too long", "x".repeat(65)],
    ["bytes that are no text", "a\u0000b"],
  ])("is refused with %s", (_, text) => {
    const file = join(folder, "bad.txt");
    writeFileSync(file, text);
    expect(() => readVocabularyFile(file)).toThrow(expect.objectContaining({ code: "invalid_config" }));
  });

  it("that is not there is said by its name", () => {
    expect(() => readVocabularyFile(join(folder, "none.txt"))).toThrow(/VOCABULARY_FILE cannot be read: .*none\.txt/);
  });
});
