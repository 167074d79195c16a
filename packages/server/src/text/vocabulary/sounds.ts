/** What a word sounds like, roughly, whichever of the two alphabets it is written in: a character a sound. */

/**
 * Sounds of a text in Latin or Cyrillic letters, without spaces: consonants `p b t d k g f v s z m n l r h j w`, `S` (sh), `Z` (zh),
 * `C` (ch), `J` (dg), vowels `a e i o u`, and digits as they are. Spelling is read as in English, Cyrillic as in Russian; of other
 * scripts nothing is left.
 */
export function soundsOf(text: string): string {
  let sounds = "";
  for (const run of text.toLowerCase().match(/\p{Script=Cyrillic}+|[^\p{Script=Cyrillic}]+/gu) ?? []) {
    sounds += /\p{Script=Cyrillic}/u.test(run) ? cyrillic(run) : latin(run);
  }
  return withoutDoubles(sounds);
}

/** A sound said twice is one: also where two words meet. */
export function withoutDoubles(sounds: string): string {
  return sounds.replace(/(\D)\1+/g, "$1");
}

const CYRILLIC: Readonly<Record<string, string>> = {
  ...{
    а: "a",
    б: "b",
    в: "v",
    г: "g",
    ґ: "g",
    д: "d",
    е: "e",
    ё: "o",
    є: "e",
    ж: "Z",
    з: "z",
    и: "i",
    і: "i",
    ї: "i",
    й: "j",
  },
  ...{
    к: "k",
    л: "l",
    м: "m",
    н: "n",
    о: "o",
    п: "p",
    р: "r",
    с: "s",
    т: "t",
    у: "u",
    ў: "w",
    ф: "f",
    х: "h",
    ц: "ts",
  },
  ...{ ч: "C", ш: "S", щ: "S", ы: "i", э: "e", ю: "u", я: "a", ъ: "", ь: "" },
};

function cyrillic(text: string): string {
  return text
    .replace(/дж/g, "\u0001")
    .replace(/./gsu, (letter) => (letter === "\u0001" ? "J" : (CYRILLIC[letter] ?? "")));
}

/** Spelling to sound, the first rule that fits at a place; `^` and `$` are the ends of a word. */
const LATIN: readonly (readonly [RegExp, string])[] = [
  [/^(?:kn|gn|pn)/, "n"],
  [/^wr/, "r"],
  [/^wh/, "w"],
  [/^ps/, "s"],
  [/^x/, "z"],
  [/^y(?=[aeiou])/, "j"],
  [/tch/, "C"],
  [/sch/, "S"],
  [/sh/, "S"],
  [/ch(?=[rl])/, "k"],
  [/ch/, "C"],
  [/ph/, "f"],
  [/th/, "t"],
  [/dg(?=[eiy])/, "J"],
  [/gh(?=[aeiou])/, "g"],
  [/gh/, ""],
  [/ck/, "k"],
  [/qu/, "kw"],
  [/q/, "k"],
  [/x/, "ks"],
  [/s?c(?=[eiy])/, "s"],
  [/c/, "k"],
  [/[ts]i(?=o|a[nl])/, "S"],
  [/g(?=[eiy])/, "J"],
  [/j/, "J"],
  [/ng$/, "n"],
  [/mb$/, "m"],
  [/ee|ea|ie/, "i"],
  [/oo|ou|ew|ue/, "u"],
  [/ai|ay|ei|ey/, "e"],
  [/au|aw|oa|ow/, "o"],
  [/e$/, ""],
  [/y/, "i"],
  [/h$/, ""],
  [/[a-z0-9]/, "$&"],
];
const RULES = LATIN.map(([pattern, sound]) => ({
  atStart: pattern.source.startsWith("^"),
  pattern: new RegExp(pattern.source.replace(/^\^/, ""), "y"),
  sound,
}));

function latin(text: string): string {
  const words =
    text
      .normalize("NFKD")
      .replace(/\p{M}/gu, "")
      .match(/[a-z]+|\d+/g) ?? [];
  return words.map(latinWord).join("");
}

function latinWord(word: string): string {
  // A short word says its last letter: "me", "the".
  const silentEnd = word.length > 3;
  let sounds = "";
  for (let at = 0; at < word.length; ) {
    let next = at + 1;
    for (const { atStart, pattern, sound } of RULES) {
      if (atStart && at > 0) continue;
      if (!silentEnd && pattern.source === "e$") continue;
      pattern.lastIndex = at;
      const found = pattern.exec(word)?.[0];
      if (found === undefined) continue;
      sounds += sound === "$&" ? found : sound;
      next = at + found.length;
      break;
    }
    at = next;
  }
  return sounds;
}
