/** What is written short behind figures, and months. */

const EN_UNITS: readonly [RegExp, string][] = [
  [/^kilomet(?:er|re)s?$/, "km"],
  [/^centimet(?:er|re)s?$/, "cm"],
  [/^millimet(?:er|re)s?$/, "mm"],
  [/^met(?:er|re)s?$/, "m"],
  [/^(?:kilograms?|kilos?)$/, "kg"],
  [/^milligrams?$/, "mg"],
  [/^grams?$/, "g"],
  [/^millilit(?:er|re)s?$/, "ml"],
  [/^milliseconds?$/, "ms"],
  [/^gigabytes?$/, "GB"],
  [/^megabytes?$/, "MB"],
  [/^kilobytes?$/, "KB"],
  [/^terabytes?$/, "TB"],
];

const RU_UNITS: readonly [RegExp, string][] = [
  [/^километр(?:а|ов|у|ом|е|ам|ами|ах)?$/, "км"],
  [/^сантиметр(?:а|ов|у|ом|е|ам|ами|ах)?$/, "см"],
  [/^миллиметр(?:а|ов|у|ом|е|ам|ами|ах)?$/, "мм"],
  [/^метр(?:а|ов|у|ом|е|ам|ами|ах)?$/, "м"],
  [/^(?:килограмм|кило)(?:а|ов|у|ом|е|ам|ами|ах)?$/, "кг"],
  [/^миллиграмм(?:а|ов|у|ом|е|ам|ами|ах)?$/, "мг"],
  [/^грамм(?:а|ов|у|ом|е|ам|ами|ах)?$/, "г"],
  [/^миллилитр(?:а|ов|у|ом|е|ам|ами|ах)?$/, "мл"],
  [/^миллисекунд(?:а|ы|у|е|ой|ам|ами|ах)?$/, "мс"],
  [/^гигабайт(?:а|ов|у|ом|е|ам|ами|ах)?$/, "ГБ"],
  [/^мегабайт(?:а|ов|у|ом|е|ам|ами|ах)?$/, "МБ"],
  [/^килобайт(?:а|ов|у|ом|е|ам|ами|ах)?$/, "КБ"],
];

/** A unit's sign, if the word is one. */
export function unitOf(word: string, language: string): string | undefined {
  const units = language === "ru" ? RU_UNITS : EN_UNITS;
  return word === "" ? undefined : units.find(([form]) => form.test(word))?.[1];
}

export function isPercent(word: string, language: string): boolean {
  return language === "ru" ? /^процент(?:а|ов|у|ом|е|ам|ами|ах)?$/.test(word) : word === "percent";
}

/** English currencies that are written in front. */
export function currencyOf(word: string): string | undefined {
  if (/^dollars?$/.test(word)) return "$";
  return /^euros?$/.test(word) ? "€" : undefined;
}

const EN_MONTHS = /^(?:january|february|march|april|may|june|july|august|september|october|november|december)$/;
const RU_MONTHS = /^(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)$/;

export function isMonth(word: string, language: string): boolean {
  return (language === "ru" ? RU_MONTHS : EN_MONTHS).test(word);
}

/** English months that are other words as well: only a capital, or an ordinal behind them, tells. */
export function isDoubtfulMonth(word: string): boolean {
  return word === "march" || word === "may";
}
