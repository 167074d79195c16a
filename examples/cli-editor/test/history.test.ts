import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { History } from "../src/history/history.js";

let folder: string;
let problems: unknown[];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "stt-history-"));
  problems = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (where = path.join(folder, "state")) => new History(where, (error) => problems.push(error));
const file = () => path.join(folder, "state", "history.jsonl");

it("keeps what was said from one run to the next, for its user alone, the latest first", async () => {
  const first = open();
  first.add("One.", new Date("2026-01-02T03:04:05Z"));
  first.add("Две\nстроки.");
  await first.entries();
  const entries = await open().entries();
  expect(entries.map(({ text }) => text)).toEqual(["Две\nстроки.", "One."]);
  expect(entries[1]!.at).toEqual(new Date("2026-01-02T03:04:05Z"));
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(problems).toEqual([]);
});

it("passes over a line that was cut, and whatever else is no utterance", async () => {
  const history = open();
  history.add("Whole.");
  await history.entries();
  appendFileSync(
    file(),
    '{"at":"2026-01-02T03:04:05Z","te\nnull\n{"at":"never","text":"x"}\n{"at":"2026-01-02","text":7}\n',
  );
  expect((await history.entries()).map(({ text }) => text)).toEqual(["Whole."]);
});

it("forgets the oldest of more than 2500, down to 2000, when a run begins to write", async () => {
  const history = open();
  history.add("First.");
  await history.entries();
  const line = (i: number) => `${JSON.stringify({ at: "2026-01-02T03:04:05Z", text: `${i}` })}\n`;
  writeFileSync(file(), Array.from({ length: 2600 }, (_, i) => line(i)).join(""));
  const next = open();
  next.add("Last.");
  const entries = await next.entries();
  expect(entries.length).toBe(2000);
  expect(entries[0]!.text).toBe("Last.");
  expect(entries.at(-1)!.text).toBe("601");
  expect(readFileSync(file(), "utf8").endsWith("\n")).toBe(true);
});

it("says what could not be written, and goes on", async () => {
  writeFileSync(path.join(folder, "taken"), "");
  const history = open(path.join(folder, "taken"));
  history.add("Lost.");
  await expect(history.entries()).rejects.toThrow(/ENOTDIR/);
  expect(problems.map(String)).toEqual([expect.stringMatching(/EEXIST|ENOTDIR/)]);
});
