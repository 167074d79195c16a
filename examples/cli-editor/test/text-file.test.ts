import {
  chmodSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { restoreLineEnds } from "../src/line-ends.js";
import { NoPlainFileError, TextFile } from "../src/text-file.js";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "stt-editor-"));
  file = path.join(folder, "a.txt");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const onDisk = () => readFileSync(file, "utf8");

describe("a file that is edited", () => {
  it.each<[string, string, (text: string) => string, string]>([
    ["CRLF", "один\r\nдва\r\n", (text) => `${text}три`, "один\r\nдва\r\nтри"],
    ["a byte order mark", "\uFEFFone\n", (text) => `${text}two\n`, "\uFEFFone\ntwo\n"],
    ["a byte order mark and CRLF", "\uFEFFone\r\n", (text) => `zero\n${text}`, "\uFEFFzero\r\none\r\n"],
    ["one CRLF among LF", "a\nb\r\nc\n", (text) => text.replace("c", "C"), "a\nb\r\nC\n"],
    ["one LF among CRLF", "a\r\nb\nc\r\n", (text) => text.replace("a", "A"), "A\r\nb\nc\r\n"],
    ["a line before a mixed one", "a\nb\r\nc\n", (text) => `new\n${text}`, "new\na\nb\r\nc\n"],
    ["a line after a CRLF one", "a\nb\r\nc\n", (text) => text.replace("b\n", "b\nnew\n"), "a\nb\r\nnew\r\nc\n"],
    ["a deleted line", "a\nb\r\nc\nd\r\n", (text) => text.replace("b\n", ""), "a\nc\nd\r\n"],
    ["equal lines", "x\r\nx\nx\r\nx\n", (text) => `${text}x`, "x\r\nx\nx\r\nx\nx"],
    ["no newline at its end", "a\r\nb", (text) => `${text}!`, "a\r\nb!"],
    ["a lone carriage return", "a\rb\nc\n", (text) => text.replace("c", "d"), "a\rb\nd\n"],
    ["nothing but spaces and tabs at line ends", "a \t\nb\t\n", (text) => text, "a \t\nb\t\n"],
  ])("keeps %s", (_, before, edit, after) => {
    writeFileSync(file, before);
    const opened = new TextFile(file);
    expect(opened.text).not.toContain("\r\n");
    opened.save(edit(opened.text));
    expect(onDisk()).toBe(after);
  });

  it("is byte for byte the same when nothing was edited", () => {
    const content = "\uFEFFa\r\nb\n\r\n\n\rc\r\n";
    writeFileSync(file, content);
    const opened = new TextFile(file);
    opened.save(opened.text);
    expect(onDisk()).toBe(content);
  });

  it("keeps them over a second save", () => {
    writeFileSync(file, "a\nb\r\n");
    const opened = new TextFile(file);
    opened.save("a\nb\nc\n");
    opened.save("A\nb\nc\n");
    expect(onDisk()).toBe("A\nb\r\nc\r\n");
  });

  it("keeps its permissions, its links and its other names", () => {
    writeFileSync(file, "one");
    chmodSync(file, 0o640);
    symlinkSync(file, path.join(folder, "link.txt"));
    new TextFile(path.join(folder, "link.txt")).save("two");
    expect({ text: onDisk(), mode: statSync(file).mode & 0o777 }).toEqual({ text: "two", mode: 0o640 });
    expect(readdirSync(folder).sort()).toEqual(["a.txt", "link.txt"]);
    linkSync(file, path.join(folder, "other.txt"));
    new TextFile(file).save("3");
    expect(readFileSync(path.join(folder, "other.txt"), "utf8")).toBe("3");
  });
});

describe("a file that another program writes to", () => {
  it("is known as changed, until it is saved", () => {
    writeFileSync(file, "mine");
    const opened = new TextFile(file);
    expect(opened.hasChangedOnDisk).toBe(false);
    writeFileSync(file, "theirs, and longer");
    expect(opened.hasChangedOnDisk).toBe(true);
    opened.save("mine again");
    expect(opened.hasChangedOnDisk).toBe(false);
  });

  it("is known as changed by content of the same length, and when it is no text any more", () => {
    writeFileSync(file, "mine");
    const opened = new TextFile(file);
    writeFileSync(file, "them");
    utimesSync(file, 1, 1);
    expect(opened.hasChangedOnDisk).toBe(true);
    writeFileSync(file, Uint8Array.of(0xff, 0xfe));
    expect(opened.hasChangedOnDisk).toBe(true);
  });

  it("is not changed by a touch, nor by being deleted", () => {
    writeFileSync(file, "mine");
    const opened = new TextFile(file);
    utimesSync(file, 1, 1);
    expect(opened.hasChangedOnDisk).toBe(false);
    rmSync(file);
    expect(opened.hasChangedOnDisk).toBe(false);
    opened.save("mine");
    expect(onDisk()).toBe("mine");
  });

  it("is known when it was made meanwhile", () => {
    const opened = new TextFile(file);
    expect(opened.hasChangedOnDisk).toBe(false);
    writeFileSync(file, "theirs");
    expect(opened.hasChangedOnDisk).toBe(true);
  });
});

describe("what is no text to edit", () => {
  it("is said to be none", () => {
    writeFileSync(file, Uint8Array.of(0xff, 0xfe, 0));
    expect(() => new TextFile(file)).toThrow(TypeError);
    expect(() => new TextFile(folder)).toThrow(NoPlainFileError);
    expect(() => new TextFile("/dev/null")).toThrow(NoPlainFileError);
  });
});

it("line ends of a large text are restored in a moment", () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => `line ${i}`);
  const old = lines.map((line, i) => line + (i % 3 === 0 ? "\r\n" : "\n")).join("");
  const edited = ["first", ...lines.slice(0, 25_000), "middle", ...lines.slice(25_001), ""].join("\n");
  const restored = restoreLineEnds(old, edited);
  expect(restored.replaceAll("\r\n", "\n")).toBe(edited);
  expect(restored.split("\r\n").length - 1).toBeGreaterThan(16_000);
});
