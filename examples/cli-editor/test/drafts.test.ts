import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { Draft } from "../src/drafts.js";

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
