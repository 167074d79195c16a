/** Measures and word lists behind the hallucination filter. Pure functions of a text. */
import { foldedWords } from "./words.js";

/** Shortest repetition that counts, letters. */
const MIN_MATCH = 4;
/** What a repetition costs, in letters: it tells where and how long it is. */
const REFERENCE_COST = 3;
/** Letters that every text costs beside its own: short ones are never repetitive. */
const OVERHEAD_COST = 8;

/** Letters and digits. */
export function letterCount(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

/**
 * How much a text repeats itself: its length for each letter of news. Prose is near 1, a phrase said ten times far above 2.5.
 *
 * It takes the place of Whisper's compression ratio, which counts bytes: a script of two bytes a letter compresses better, so that
 * right Russian sentences of 20 s pass the limit of 2.4 that was set for English. Here a letter is a letter.
 *
 * Method: a greedy parse after Ziv and Lempel, "A Universal Algorithm for Sequential Data Compression" (1977), with a table of
 * 4-grams.
 */
export function repetitiveness(text: string): number {
  const s = text.toLowerCase();
  const seen = new Map<string, number>();
  let cost = OVERHEAD_COST;
  for (let at = 0; at < s.length; ) {
    const earlier = seen.get(s.slice(at, at + MIN_MATCH));
    let length = 0;
    // The match may run into itself: "hahahaha" is one reference.
    if (earlier !== undefined) while (at + length < s.length && s[earlier + length] === s[at + length]) length++;
    const isReference = length >= MIN_MATCH;
    cost += isReference ? REFERENCE_COST : 1;
    for (const end = at + (isReference ? length : 1); at < end; at++) seen.set(s.slice(at, at + MIN_MATCH), at);
  }
  return s.length / cost;
}

/** Longest phrase that is looked for as a loop, words. */
const MAX_PHRASE_WORDS = 16;

/** A run of words that follows itself. */
export interface RepeatedRun {
  /** The words of one turn. */
  words: string[];
  /** How many turns follow each other, 2 or more. */
  times: number;
  /** Index of its first word. */
  start: number;
}

/** The repetition that covers the most words: 1 to 16 words that follow themselves directly. */
export function longestRepetition(words: readonly string[]): RepeatedRun | undefined {
  let best: RepeatedRun | undefined;
  for (let size = 1; size <= Math.min(MAX_PHRASE_WORDS, words.length >> 1); size++) {
    let same = 0;
    for (let i = size; i <= words.length; i++) {
      if (i < words.length && words[i] === words[i - size]) {
        same++;
        continue;
      }
      const times = 1 + Math.floor(same / size);
      const start = i - same - size;
      if (times >= 2 && (!best || times * size > best.times * best.words.length)) {
        best = { words: words.slice(start, start + size), times, start };
      }
      same = 0;
    }
  }
  return best;
}

/**
 * What Whisper models say to noise and silence: the ends of videos and the credits of subtitles they were trained on. Compared
 * without case and punctuation. People say some of these too: a rule must ask for further evidence.
 */
const PHANTOM_PHRASES: readonly RegExp[] = [
  // English
  /^(?:thank you|thanks)(?: (?:so|very) much)?(?: (?:for|to) (?:watching|listening|viewing|your attention)(?: .*)?)?$/,
  /^(?:thank you|thanks)(?: (?:so|very) much)?(?: and)? (?:see you|bye)(?: .*)?$/,
  /^(?:please |dont forget to )*(?:like|subscribe)(?: and (?:like|subscribe))?(?: to (?:my|our|the) channel)?$/,
  /^(?:ill )?see you (?:in the )?next (?:time|video|one)$/,
  /^(?:bye|bye bye|you|okay|oh|hmm|uh|the end|music|applause|silence|blankaudio|to be continued)$/,
  /^(?:subtitles|captions|transcription|transcript|translation|subs)(?: and \w+)? (?:provided )?by .*$/,
  /^amaraorg$/,
  // Russian
  /^(?:всем )?спасибо(?: (?:всем|большое|вам))*(?: за (?:просмотр|внимание|подписку|субтитры)(?: .*)?)?$/,
  /^(?:всем пока|пока пока|до новых встреч|до встречи в следующем видео)$/,
  /^(?:подписывайтесь|подпишитесь|ставьте лайки?|не забудьте подписаться)(?: .*)?$/,
  /^(?:продолжение следует|с вами был .*|dimatorzok)$/,
  /^(?:редактор субтитров|корректор|субтитры|субтитры и перевод|перевод и субтитры|перевод|озвучка) .*$/,
  /^(?:\S+ая )?(?:музыка|мелодия)$/,
  /^(?:аплодисменты|смех|тишина|субтитры)$/,
  // Others that come up with language detection on
  /^(?:sous titres|sous titrage|untertitel|untertitelung|subtítulos|sottotitoli|legendas)(?: .*)?$/,
  /^(?:gracias por ver|merci davoir regardé|vielen dank fürs zuschauen|tack för att ni tittade)(?: .*)?$/,
  /^(?:ご視聴ありがとうございました|字幕由.*|请不吝点赞.*|謝謝觀看|谢谢观看)$/,
];

/** What Whisper writes for sounds: "(upbeat music)", "[BLANK_AUDIO]", "*sighs*", "♪". */
const SOUND = /\([^()]*\)|\[[^[\]]*\]|\*[^*]*\*|[♪♫]+/gu;
/** It writes "(speaking in foreign language)" where somebody does speak. */
const SOUND_START = /^\s*[([*♪♫]/u;
const SPOKEN = /speak|talk|говор|речь/iu;

/** Whether the text only names a sound that is not speech. */
export function isSoundOnly(text: string): boolean {
  return SOUND_START.test(text) && letterCount(text.replace(SOUND, "")) === 0 && !SPOKEN.test(text);
}

/** Whether the whole text is such a phrase, alone or repeated. */
export function isPhantomPhrase(text: string): boolean {
  const words = foldedWords(text);
  if (words.length === 0) return false;
  const run = longestRepetition(words);
  const once = run && run.times * run.words.length === words.length ? run.words : words;
  const spaced = once.join(" ");
  return PHANTOM_PHRASES.some((phrase) => phrase.test(spaced) || phrase.test(once.join("")));
}
