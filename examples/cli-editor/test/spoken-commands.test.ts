import { TextDocument } from "@stt/core/document";
import { expect, it } from "vitest";
import { obey } from "../src/spoken-commands.js";

function desk(...sentences: string[]) {
  const document = new TextDocument("");
  const spoken: number[] = [];
  for (const [utterance, text] of sentences.entries()) {
    document.begin(utterance);
    document.finish(utterance, { text });
    spoken.push(utterance);
  }
  const log: string[] = [];
  const say = (command: string) =>
    obey(command, {
      document,
      spoken,
      copy: (text) => log.push(`copy ${text}`),
      stopListening: () => log.push("stop"),
      tell: (text) => log.push(text),
    });
  return { document, log, say };
}

it("deletes what was said last, and undo brings it back", () => {
  const { document, log, say } = desk("One.", "Two.");
  say("delete_that");
  expect(document.text.trim()).toBe("One.");
  say("undo");
  expect(document.text).toBe("One. Two.");
  say("redo");
  expect(document.text.trim()).toBe("One.");
  say("delete_that");
  expect(document.text.trim()).toBe("");
  say("redo");
  expect(log).toEqual(["obeyed", "obeyed", "obeyed", "obeyed", "nothingToRedo"]);
});

it("deletes what is selected, copies it, or everything, and stops", () => {
  const { document, log, say } = desk("One.", "Two.");
  say("copy");
  say("select_all");
  say("copy");
  say("delete_that");
  expect(document.text).toBe("");
  say("stop_listening");
  say("a command of somebody's own");
  expect(log).toEqual(["copy One. Two.", "obeyed", "copy One. Two.", "obeyed", "stop", "obeyed"]);
});
