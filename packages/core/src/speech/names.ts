/** Whose capital a word's first letter is: that of the sentence, which goes when the sentence goes on, or that of a name. */

/** Words that begin most goings-on, and no name that is not known by its other words: "The White House" is "the White House". */
const NO_NAMES = new Set(
  (
    "a an the this that these those my your his her its our their he she it we you they who whom whose which what when where why how " +
    "and or but so nor yet if then than as because since while although though unless until before after in on at by for from to of off " +
    "with without within into onto over under about between through during against not no is are was were be been have has had do does did " +
    "can could will would shall should must might there here just also only even still very some any all both each every " +
    "и а но да или либо ни то не что чтобы как когда где куда откуда зачем почему если хотя пока потому поэтому так также тоже же ли бы " +
    "в во на с со к ко по за из у о об от до для без при про через над под перед между после кроме вместо около " +
    "я ты он она оно мы вы они мой моя моё мои твой твоя наш наша наши ваш ваша ваши его её их свой своя свои этот эта это эти тот та те " +
    "который которая которое которые кто чей весь вся всё все сам сама сами есть был была было были будет будут может можно надо нужно " +
    "уже ещё только даже очень вот там тут здесь теперь потом затем"
  ).split(" "),
);

/** English alone writes these with a capital. */
const ENGLISH_NAMES = new Set(
  (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February April June July August September October November December " +
    "English Russian German French Spanish Italian Chinese Japanese American British European Christmas Easter"
  ).split(" "),
);

/** Of these languages it is known how they write names. */
const KNOWN: ReadonlySet<string | undefined> = new Set([undefined, "auto", "en", "ru"]);

const TWO_WORDS = /^(\p{Lu}[\p{L}\p{M}'’-]*)(?:\s+(\p{Lu}\p{Ll}[\p{L}\p{M}'’-]*))?/u;

/**
 * Whether a text begins with a name, as far as that can be told: by a second capital behind it, or by what is known.
 *
 * @param isKnown whether a word is a name by what else is known
 */
export function beginsWithName(text: string, language?: string, isKnown?: (word: string) => boolean): boolean {
  const [, word, second] = TWO_WORDS.exec(text) ?? [];
  if (word === undefined || NO_NAMES.has(word.toLowerCase())) return false;
  if (isKnown?.(word)) return true;
  return KNOWN.has(language) && (second !== undefined || ENGLISH_NAMES.has(word));
}

/**
 * Whether a text writes a word as a name: with a capital in the middle of a sentence, and nowhere without.
 *
 * @param word begins with a capital
 */
export function isNameIn(text: string, word: string): boolean {
  return (
    occurs(text, word, /[\p{L}\p{N},;:]\s$/u) && !occurs(text, word.charAt(0).toLowerCase() + word.slice(1), /\s$/u)
  );
}

/** @param behind what stands right before it */
function occurs(text: string, word: string, behind: RegExp): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const isWhole = !/^[\p{L}\p{M}\p{N}]/u.test(text.slice(at + word.length, at + word.length + 2));
    if (isWhole && behind.test(text.slice(Math.max(0, at - 2), at))) return true;
  }
  return false;
}
