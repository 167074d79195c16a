import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { Draft } from "../src/drafts.js";
import { readTextFile, writeTextFile } from "../src/text-file.js";

const folders: string[] = [];
const folder = () => {
  folders.push(mkdtempSync(path.join(tmpdir(), "stt-editor-")));
  return folders.at(-1)!;
};
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});

/** Written by a process that is long gone. */
const OLD = "draft-20200101000000-4194999.txt";

it("a draft is there for its owner alone, and gone when there is nothing to keep", () => {
  const state = folder();
  const draft = new Draft(path.join(state, "new"), undefined);
  draft.keep("text");
  const [name] = readdirSync(path.join(state, "new"));
  expect(statSync(path.join(state, "new", name!)).mode & 0o777).toBe(0o600);
  expect(new Draft(path.join(state, "new"), undefined).kept()).toBeUndefined();
  draft.keep("");
  expect(readdirSync(path.join(state, "new"))).toEqual([]);
});

it("the newest draft of a run that has ended is offered; taken over, it is replaced, not lost", () => {
  const state = folder();
  writeFileSync(path.join(state, "draft-20190101000000-4194998.txt"), "older");
  writeFileSync(path.join(state, OLD), "old");
  const draft = new Draft(state, undefined);
  const kept = draft.kept();
  expect(kept?.text).toBe("old");
  draft.adopt(kept!);
  expect(readdirSync(state)).toContain(OLD);
  draft.keep("old and new");
  expect(readdirSync(state)).not.toContain(OLD);
  expect(readdirSync(state)).toHaveLength(2);
});

it("a file's draft that is not taken over is set aside, not written over", () => {
  const state = folder();
  new Draft(state, "notes.txt").keep("first");
  const later = new Draft(state, "notes.txt");
  expect(later.kept()?.text).toBe("first");
  later.keep("second");
  expect(new Draft(state, "notes.txt").kept()?.text).toBe("second");
  expect(new Draft(state, undefined).kept()?.text).toBe("first");
});

it("a file keeps its line ends, its permissions and its name behind a link", () => {
  const place = folder();
  const file = path.join(place, "a.txt");
  writeFileSync(file, "один\r\nдва\r\n");
  chmodSync(file, 0o640);
  symlinkSync(file, path.join(place, "link.txt"));
  const content = readTextFile(path.join(place, "link.txt"))!;
  expect(content).toEqual({ text: "один\nдва\n", lineEnd: "\r\n" });
  writeTextFile(path.join(place, "link.txt"), { ...content, text: `${content.text}три` });
  expect(readFileSync(file, "utf8")).toBe("один\r\nдва\r\nтри");
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(place).sort()).toEqual(["a.txt", "link.txt"]);
});

it("what is no text is not opened as one", () => {
  const file = path.join(folder(), "a.bin");
  writeFileSync(file, Uint8Array.of(0xff, 0xfe, 0));
  expect(() => readTextFile(file)).toThrow(TypeError);
});
