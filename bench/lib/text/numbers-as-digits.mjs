/** English number words as digits: "twenty five" 25, "one oh one" 101, "two thousand dollars" $2000, "twenty first" 21st. */

const UNITS = named(
  "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
  (i) => i + 1,
);
const TENS = named("twenty thirty forty fifty sixty seventy eighty ninety", (i) => 10 * (i + 2));
const SCALES = {
  hundred: 100n,
  ...Object.fromEntries(
    "thousand million billion trillion quadrillion quintillion sextillion septillion octillion nonillion decillion"
      .split(" ")
      .map((name, i) => [name, 1000n ** BigInt(i + 1)]),
  ),
};
const IRREGULAR_ORDINALS = {
  one: "first",
  two: "second",
  three: "third",
  five: "fifth",
  eight: "eighth",
  nine: "ninth",
  twelve: "twelfth",
};
const IRREGULAR_SUFFIXES = { first: "st", second: "nd", third: "rd" };
const SIGNS = { minus: "-", negative: "-", plus: "+", positive: "+" };
const CURRENCIES = { pound: "£", euro: "€", dollar: "$", cent: "¢", pounds: "£", euros: "€", dollars: "$", cents: "¢" };
const PREFIXES = "-+£€$¢";
const NUMBER = /^\d+(?:\.\d+)?$/;

/**
 * What a word says about a number.
 *
 * @type {Map<string, { kind: "zero" | "unit" | "ten" | "scale", value: bigint, suffix?: string }>}
 */
const NUMBER_WORDS = new Map(["o", "oh", "zero"].map((word) => [word, { kind: "zero", value: 0n }]));
NUMBER_WORDS.set("zeroth", { kind: "unit", value: 0n, suffix: "th" });
for (const [kind, words] of Object.entries({ unit: UNITS, ten: TENS, scale: SCALES })) {
  for (const [word, number] of Object.entries(words)) {
    const value = BigInt(number);
    const ordinal = IRREGULAR_ORDINALS[word] ?? `${word.replace(/y$/, "ie")}th`;
    const plural = word === "six" ? "sixes" : `${word.replace(/y$/, "ie")}s`;
    NUMBER_WORDS.set(word, { kind, value });
    NUMBER_WORDS.set(plural, { kind, value, suffix: "s" });
    NUMBER_WORDS.set(ordinal, { kind, value, suffix: IRREGULAR_SUFFIXES[ordinal] ?? "th" });
  }
}
const isWithoutSuffix = (word, ...kinds) => {
  const number = NUMBER_WORDS.get(word);
  return number !== undefined && number.suffix === undefined && kinds.includes(number.kind);
};
/** Whether a number may go on with this word. */
const isNumeric = (word) =>
  word !== undefined &&
  (NUMBER.test(word) ||
    NUMBER_WORDS.has(word) ||
    word in SIGNS ||
    word in CURRENCIES ||
    ["per", "percent", "and", "double", "triple", "point"].includes(word));

export function numbersAsDigits(text) {
  const words = halves(text)
    .replace(/([a-z])(\d)/g, "$1 $2")
    .replace(/(\d)([a-z])/g, "$1 $2")
    .replace(/(\d)\s+(st|nd|rd|th|s)\b/g, "$1$2")
    .split(/\s+/)
    .filter(Boolean);
  return inDigits(words)
    .join(" ")
    .replace(
      /([€£$])(\d+) (?:and )?¢(\d{1,2})\b/g,
      (_, sign, whole, cents) => `${sign}${whole}.${cents.padStart(2, "0")}`,
    )
    .replace(/[€£$]0\.(\d{1,2})\b/g, (_, cents) => `¢${Number(cents)}`)
    .replace(/\b1(s?)\b/g, "one$1");
}

/** "two and a half" is two point five. */
function halves(text) {
  return text.replace(/(\S+)(\s+)and\s+a\s+half\b/g, (all, word) =>
    isWithoutSuffix(word, "zero", "unit", "ten", "scale") ? `${word} point five ` : all,
  );
}

/**
 * Reads from left to right. A number in the making is a bigint while its words add up ("two hundred" and "five"), and a string
 * of digits where they stand side by side ("one" and "oh", "nineteen" and "twenty", what follows "point").
 */
function inDigits(words) {
  const output = [];
  let value;
  let prefix = "";
  const put = (text) => {
    output.push(prefix + text);
    prefix = "";
    value = undefined;
  };
  const flush = () => value !== undefined && put(value);
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    const [previous, next] = [words[i - 1], words[i + 1]];
    const sign = PREFIXES.includes(word[0]) ? word[0] : "";
    const bare = word.slice(sign.length);
    const number = NUMBER_WORDS.get(word);
    if (NUMBER.test(bare)) {
      if (typeof value === "string" && value.endsWith(".")) {
        value += word;
        continue;
      }
      flush();
      prefix = sign || prefix;
      value = bare.includes(".") && Number(bare) % 1 !== 0 ? bare : BigInt(bare.split(".")[0]);
    } else if (number?.kind === "scale") {
      const scaled = times(value, number.value);
      if (scaled === undefined) {
        flush();
        value = number.value;
      } else value = scaled;
      if (number.suffix) put(`${value}${number.suffix}`);
    } else if (number) {
      value = followedBy(value, number, previous);
      if (number.suffix) put(`${value}${number.suffix}`);
    } else if (word in SIGNS) {
      flush();
      if (isNumeric(next)) prefix = SIGNS[word];
      else put(word);
    } else if (word in CURRENCIES) {
      if (value === undefined) put(word);
      else {
        prefix = CURRENCIES[word];
        flush();
      }
    } else if (value !== undefined && (word === "percent" || (word === "per" && next === "cent"))) {
      put(`${value}%`);
      if (word === "per") i++;
    } else if (word === "and" && isNumeric(next) && isWithoutSuffix(previous, "scale")) {
      // "two hundred and five"
    } else if ((word === "double" || word === "triple") && isWithoutSuffix(next, "unit", "zero")) {
      value = `${value ?? ""}${`${NUMBER_WORDS.get(next).value}`.repeat(word === "double" ? 2 : 3)}`;
      i++;
    } else if (word === "point" && (isWithoutSuffix(next, "zero", "unit", "ten") || NUMBER.test(next ?? ""))) {
      value = `${value ?? ""}.`;
    } else {
      flush();
      put(word);
    }
  }
  flush();
  return output;
}

/** The number so far with a further word below a hundred. */
function followedBy(value, { kind, value: further }, previous) {
  if (kind === "zero") return `${value ?? ""}0`;
  if (value === undefined) return further;
  if (kind === "unit") {
    const fills = further < 10n ? 10n : 100n;
    if (typeof value === "string" && further < 10n && isWithoutSuffix(previous, "ten"))
      return `${value.slice(0, -1)}${further}`;
    if (typeof value === "bigint" && !isWithoutSuffix(previous, "unit") && value % fills === 0n) return value + further;
    return `${value}${further}`;
  }
  return typeof value === "bigint" && value % 100n === 0n ? value + further : `${value}${further}`;
}

/** The number so far times a scale; undefined where that is no whole number. */
function times(value, scale) {
  if (value === undefined) return scale;
  if (typeof value === "bigint" && value !== 0n) return (value / 1000n) * 1000n + (value % 1000n) * scale;
  const [, whole, decimals = ""] = /^(\d*)\.?(\d*)$/.exec(`${value}`) ?? [];
  if (whole === undefined || whole + decimals === "") return undefined;
  const product = BigInt(whole + decimals) * scale;
  const divisor = 10n ** BigInt(decimals.length);
  return product % divisor === 0n ? product / divisor : undefined;
}

function named(names, numberOf) {
  return Object.fromEntries(names.split(" ").map((name, i) => [name, numberOf(i)]));
}
