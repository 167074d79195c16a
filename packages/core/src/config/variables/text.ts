import * as z from "zod/mini";
import { readReplacementList, writeReplacementList } from "../../text/replacement-text.js";
import { REDACTIONS, type Redaction, type Replacement, replacementsSchema } from "../../text/text-options.js";
import { choice, flag, text, type ValueType } from "../value-types.js";
import { variable } from "../variable.js";

const replacements: ValueType<Replacement[]> = {
  schema: replacementsSchema as unknown as z.ZodMiniType<Replacement[]>,
  parse: (value) => {
    const { replacements, problems } = readReplacementList(value);
    return problems.length === 0 ? replacements : value;
  },
  format: writeReplacementList,
  allowed: {
    en: "a list such as my mail=me@example.org;/(\\w+) dot com/=$1.com",
    ru: "список вида моя почта=me@example.org;/(\\S+) точка ру/=$1.ru",
  },
};

const redactions: ValueType<Redaction[]> = {
  schema: z.array(z.enum(REDACTIONS)) as unknown as z.ZodMiniType<Redaction[]>,
  parse: (value) =>
    value
      .toLowerCase()
      .split(/[\s,;]+/)
      .filter(Boolean),
  format: (kinds) => kinds.join(","),
  allowed: { en: "any of email, phone, card", ru: "любые из email, phone, card" },
};

/** How text is written, where a session does not ask for anything else. */
export const textVariables = {
  replacements: variable<Replacement[]>({
    env: "REPLACEMENTS",
    group: "text",
    type: replacements,
    default: [],
    empty: { en: "none", ru: "нет" },
    live: true,
    doc: {
      en: "What is written instead of what is said, parted by ; or line breaks. \\n is a line break, /.../ a pattern in RE2's syntax.",
      ru: "Что писать вместо сказанного, через ; или с новой строки. \\n означает разрыв строки, /.../ шаблон в синтаксисе RE2.",
    },
  }),
  numerals: variable<"as_is" | "figures" | "words">({
    env: "NUMERALS",
    group: "text",
    type: choice("as_is", "figures", "words"),
    default: "as_is",
    live: true,
    doc: {
      en: "Numbers, dates, times, money and units in English and Russian: as the model writes them, in figures (25) or in words (twenty-five).",
      ru: "Числа, даты, время, деньги и единицы в английском и русском: как пишет модель, цифрами (25) или словами (двадцать пять).",
    },
  }),
  fillers: variable<"keep" | "remove">({
    env: "FILLERS",
    group: "text",
    type: choice("keep", "remove"),
    default: "keep",
    live: true,
    doc: { en: 'Whether "um" and "uh" stay in the text.', ru: "Оставлять ли в тексте «э-э» и «м-м»." },
  }),
  profanity: variable<"keep" | "mask">({
    env: "PROFANITY",
    group: "text",
    type: choice("keep", "mask"),
    default: "keep",
    live: true,
    doc: {
      en: "Whether swear words keep their letters; mask leaves the first one.",
      ru: "Писать ли бранные слова целиком; mask оставляет первую букву.",
    },
  }),
  profanityWords: variable({
    env: "PROFANITY_WORDS",
    group: "text",
    type: text(20_000),
    default: "",
    empty: { en: "the built-in lists", ru: "встроенные списки" },
    live: true,
    doc: {
      en: "Swear words instead of the built-in lists, parted by commas or line breaks; damn* means every word that begins so.",
      ru: "Бранные слова вместо встроенных списков, через запятую или с новой строки; звёздочка в конце означает любое продолжение.",
    },
  }),
  redact: variable<Redaction[]>({
    env: "REDACT",
    group: "text",
    type: redactions,
    default: [],
    empty: { en: "nothing", ru: "ничего" },
    live: true,
    doc: {
      en: "What never stands in a text, only its kind in brackets: email, phone, card. Sessions may ask for more, not for less.",
      ru: "Что никогда не попадает в текст, лишь его вид в скобках: email, phone, card. Сеанс может просить больше, но не меньше.",
    },
  }),
  spokenPunctuation: variable({
    env: "SPOKEN_PUNCTUATION",
    group: "text",
    type: flag(),
    default: false,
    live: true,
    doc: {
      en: 'Write "comma", "question mark", "new line" as what they mean.',
      ru: "Писать «запятая», «вопросительный знак», «новая строка» знаками.",
    },
  }),
  spokenCommands: variable({
    env: "SPOKEN_COMMANDS",
    group: "text",
    type: flag(),
    default: false,
    live: true,
    doc: {
      en: 'Tell clients of the native wire of spoken commands such as "delete that", instead of writing them.',
      ru: "Сообщать клиентам собственного протокола о голосовых командах вроде «удали это», а не записывать их.",
    },
  }),
  typography: variable({
    env: "TYPOGRAPHY",
    group: "text",
    type: flag(),
    default: false,
    live: true,
    doc: {
      en: "Quotes, dashes and spaces that do not break, as the language has them.",
      ru: "Кавычки, тире и неразрывные пробелы по правилам языка.",
    },
  }),
};
