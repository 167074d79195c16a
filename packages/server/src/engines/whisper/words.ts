import type { TranscribedWord } from "@stt/core";

/** A text token with its bytes; times in milliseconds. */
export interface TextToken {
  bytes: Uint8Array;
  startMs: number;
  endMs: number;
  probability: number;
}

/** Written without spaces: there every character is a word of its own, as in OpenAI's reference implementation. */
const WITHOUT_SPACES = new Set(["zh", "ja", "th", "lo", "my", "km", "yue"]);
const SPACE = 0x20;

const decoder = new TextDecoder();

/** Decodes UTF-8 and drops what is broken, such as half a character at the end of a window. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes).replaceAll("\uFFFD", "");
}

/**
 * Groups tokens into words at byte level, so that a character split over two tokens stays whole.
 *
 * Times never run backwards and words never overlap; whisper.cpp's own token times do both now and then.
 *
 * @param notBeforeMs end of the word before the first one
 */
export function mergeWords(tokens: readonly TextToken[], language: string, notBeforeMs = 0): TranscribedWord[] {
  const spaced = !WITHOUT_SPACES.has(language);
  const groups: TextToken[][] = [];
  for (const token of tokens) {
    const group = groups.at(-1);
    if (!group || startsWord(token, group, spaced)) groups.push([token]);
    else group.push(token);
  }

  const words: TranscribedWord[] = [];
  let previousEndMs = notBeforeMs;
  for (const group of groups) {
    const text = decodeText(concatenate(group)).trim();
    if (text === "") continue;
    const startMs = Math.max(previousEndMs, group[0]!.startMs);
    const endMs = Math.max(startMs, group.at(-1)!.endMs);
    const confidence = group.reduce((sum, token) => sum + token.probability, 0) / group.length;
    words.push({ text, startMs, endMs, confidence });
    previousEndMs = endMs;
  }
  return words;
}

function startsWord(token: TextToken, group: readonly TextToken[], spaced: boolean): boolean {
  if (spaced) return token.bytes[0] === SPACE;
  // Punctuation belongs to the character before it, and a character may need several tokens.
  return isComplete(concatenate(group)) && !/^[\p{P}\s]+$/u.test(decodeText(token.bytes));
}

function isComplete(bytes: Uint8Array): boolean {
  return !decoder.decode(bytes).endsWith("\uFFFD");
}

function concatenate(tokens: readonly TextToken[]): Uint8Array {
  const result = new Uint8Array(tokens.reduce((length, token) => length + token.bytes.length, 0));
  let offset = 0;
  for (const token of tokens) {
    result.set(token.bytes, offset);
    offset += token.bytes.length;
  }
  return result;
}
