import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { inLayout, type TextLayout, textLayoutOf } from "../src/output/text-layout.js";

const folder = mkdtempSync(join(tmpdir(), "stt-layout-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const le = (text: string) => Buffer.from(text, "utf16le");
const be = (text: string) => le(text).swap16();

function layoutOf(bytes: Buffer | string): TextLayout | undefined {
  const path = join(folder, "file.txt");
  writeFileSync(path, bytes);
  return textLayoutOf(path);
}

describe("textLayoutOf", () => {
  it.each<[string, Buffer | string, TextLayout]>([
    ["UTF-8", "Привет\n", { encoding: "utf8", newline: "\n", isMidLine: false }],
    ["UTF-8 behind a mark alone", "\uFEFF", { encoding: "utf8", newline: "\n", isMidLine: false }],
    ["CRLF", "one\r\ntwo\r\nthree", { encoding: "utf8", newline: "\r\n", isMidLine: true }],
    ["one CRLF among LF", "one\ntwo\r\nthree\n", { encoding: "utf8", newline: "\n", isMidLine: false }],
    ["CR", "one\rtwo\r", { encoding: "utf8", newline: "\r", isMidLine: false }],
    [
      "UTF-16LE as Notepad saves it",
      le("\uFEFFПривет\r\n"),
      { encoding: "utf16le", newline: "\r\n", isMidLine: false },
    ],
    ["UTF-16BE", be("\uFEFFПривет"), { encoding: "utf16be", newline: "\n", isMidLine: true }],
    ["UTF-16LE without a mark", le("Всё готово.\r\n"), { encoding: "utf16le", newline: "\r\n", isMidLine: false }],
    ["UTF-16BE without a mark", be("plain words\n"), { encoding: "utf16be", newline: "\n", isMidLine: false }],
    [
      "a long file that is cut within a letter",
      `${"ё".repeat(3_000_000)}a\r\n`,
      { encoding: "utf8", newline: "\r\n", isMidLine: false },
    ],
  ])("knows %s", (_, bytes, layout) => {
    expect(layoutOf(bytes)).toEqual(layout);
  });

  it.each([
    ["Windows-1251", Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x0a])],
    ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0])],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d])],
    ["UTF-16 with half a letter", Buffer.concat([le("\uFEFFab"), Buffer.from([0x41])])],
  ])("does not take %s for text", (_, bytes) => {
    expect(layoutOf(bytes)).toBeUndefined();
  });

  it("writes in the same manner", () => {
    expect(inLayout("да\n", { encoding: "utf16be", newline: "\r\n", isMidLine: false })).toEqual(be("да\r\n"));
    expect(inLayout("да\nнет\n", { encoding: "utf8", newline: "\r", isMidLine: false }).toString()).toBe("да\rнет\r");
  });
});
