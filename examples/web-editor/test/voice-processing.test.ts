/** The page hears people through what their browsers do to the sound, and without. */
import { wordErrorRate } from "@stt/core";
import { expect, it } from "vitest";
import { describeEditor, type LaunchedEditor } from "./support/editor-suite.js";

const PEOPLES_MODEL = {
  whisperModel: "base",
  realtimeModelType: "base",
  postSpeechSilenceDurationMs: 700,
  whisperThreads: 2,
};

describeEditor("a person's voice", PEOPLES_MODEL, (suite) => {
  let editor: LaunchedEditor;

  const AMIABLE = ["en", "human/en_austen_amiable", "He might even have been made amiable himself."] as const;
  const NUMBER = [
    "ru",
    "human/ru_invalid_number",
    "Извините, данный номер не существует. Пожалуйста, попробуйте ещё раз.",
  ] as const;

  it.each([
    ["as the page asks for it", undefined, ...AMIABLE],
    ["with echo cancellation, noise suppression and automatic gain", true, ...AMIABLE],
    ["with none of them", false, ...AMIABLE],
    ["with echo cancellation, noise suppression and automatic gain", true, ...NUMBER],
    ["with none of them", false, ...NUMBER],
  ])("is written right, %s (%#)", async (_, processing, language, hears, said) => {
    editor = await suite.launch({ hears, leadMs: 2500, preferences: { language }, processing });
    await editor.untilFinal();
    // A pause may have made two utterances of it.
    const errors = async () => wordErrorRate(said, await editor.text()).errors;
    await expect.poll(errors, { timeout: 30_000 }).toBeLessThanOrEqual(1);
  });
});
