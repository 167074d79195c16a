/** How a text file is written, so that what is appended goes on in the same way. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

export type Encoding = "utf8" | "utf16le" | "utf16be";

export interface TextLayout {
  encoding: Encoding;
  newline: "\n" | "\r\n" | "\r";
  /** What the file holds ends within a line. */
  isMidLine: boolean;
}

/** Of a longer file the end alone is looked at. */
const LOOK_BYTES = 4 * 1024 * 1024;

/**
 * @returns `undefined` when it holds no text in UTF-8 or UTF-16: nothing readable could be appended
 * @throws errors of the system
 */
export function textLayoutOf(path: string): TextLayout | undefined {
  const handle = openSync(path, "r");
  try {
    const { size } = fstatSync(handle);
    const head = readAt(handle, 0, Math.min(size, 4));
    // From an even place, so that units of 16 bits stay whole.
    const from = Math.max(0, size - LOOK_BYTES) & ~1;
    const bytes = readAt(handle, from, size - from);
    const encoding = encodingOf(head, bytes, from > 0);
    if (encoding === undefined || (encoding !== "utf8" && size % 2 !== 0)) return undefined;
    const text = decode(bytes, encoding);
    return { encoding, newline: newlineOf(text), isMidLine: !/^\uFEFF?$|[\r\n]$/.test(text) };
  } finally {
    closeSync(handle);
  }
}

/** The bytes of a text with line feeds, in the manner of the file. */
export function inLayout(text: string, { encoding, newline }: TextLayout): Buffer {
  const lines = text.replaceAll("\n", newline);
  if (encoding === "utf8") return Buffer.from(lines);
  const bytes = Buffer.from(lines, "utf16le");
  return encoding === "utf16be" ? bytes.swap16() : bytes;
}

function encodingOf(head: Buffer, bytes: Buffer, isEnd: boolean): Encoding | undefined {
  const mark = head.toString("latin1");
  // UTF-32 begins like UTF-16.
  if (mark.startsWith("\xff\xfe\0\0")) return undefined;
  if (mark.startsWith("\xff\xfe")) return "utf16le";
  if (mark.startsWith("\xfe\xff")) return "utf16be";
  if (bytes.includes(0)) return unmarkedUtf16(bytes);
  return isUtf8(isEnd ? afterFirstCharacter(bytes) : bytes) ? "utf8" : undefined;
}

/** Without a mark, the zeros beside Latin letters, spaces and line ends tell; they are in one half of the units only. */
function unmarkedUtf16(bytes: Buffer): Encoding | undefined {
  let [even, odd] = [0, 0];
  for (const [index, byte] of bytes.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even++;
    else odd++;
  }
  if (Math.min(even, odd) > 0 || Math.max(even, odd) < bytes.length / 50) return undefined;
  return odd > 0 ? "utf16le" : "utf16be";
}

/** What was cut out may begin within a character. */
function afterFirstCharacter(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return bytes.subarray(Math.max(0, start));
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function decode(bytes: Buffer, encoding: Encoding): string {
  if (encoding === "utf16be") return Buffer.from(bytes).swap16().toString("utf16le");
  return bytes.toString(encoding);
}

/** The one that most lines end with. */
function newlineOf(text: string): TextLayout["newline"] {
  const counts = { "\n": 0, "\r\n": 0, "\r": 0 };
  for (const [end] of text.matchAll(/\r\n|\r|\n/g)) counts[end as TextLayout["newline"]]++;
  if (counts["\r\n"] > counts["\n"] && counts["\r\n"] >= counts["\r"]) return "\r\n";
  return counts["\r"] > counts["\n"] ? "\r" : "\n";
}

function readAt(handle: number, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const count = readSync(handle, bytes, read, length - read, from + read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
}
