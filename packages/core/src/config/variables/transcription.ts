import * as z from "zod/mini";
import { VOCABULARY_RULE, type VocabularyEntry } from "../../vocabulary/vocabulary.js";
import { vocabularySchema } from "../../vocabulary/vocabulary-schema.js";
import { formatVocabulary, parseVocabulary } from "../../vocabulary/vocabulary-text.js";
import { decimal, flag, seconds, text, type ValueType } from "../value-types.js";
import { variable } from "../variable.js";

/** Beams of the search for the likeliest text: a number of them, or chosen by device. */
export type Beams = "auto" | number;

const beams: ValueType<Beams> = {
  schema: z.union([z.literal("auto"), z.number().check(z.int(), z.minimum(1), z.maximum(100))]),
  parse: (text) => (/^[+-]?\d+$/.test(text) ? Number(text) : text.toLowerCase()),
  format: String,
  allowed: { en: "auto or a whole number from 1 to 100", ru: "auto или целое число от 1 до 100" },
};

const vocabulary: ValueType<readonly VocabularyEntry[]> = {
  schema: vocabularySchema,
  parse: parseVocabulary,
  format: (entries) => formatVocabulary(entries, "; "),
  allowed: VOCABULARY_RULE,
};

/** Beams beyond this are cut: whisper.cpp keeps at most eight decoders. */
const BEAM_NOTE = {
  en: "1 is greedy. whisper.cpp searches at most 8 beams; larger values work as 8.",
  ru: "1 означает жадный поиск. whisper.cpp ведёт не больше 8 лучей; большее значение действует как 8.",
};

/** What is transcribed, how often and how carefully. */
export const transcriptionVariables = {
  enableRealtimeTranscription: variable({
    env: "ENABLE_REALTIME_TRANSCRIPTION",
    group: "transcription",
    type: flag(),
    default: true,
    doc: {
      en: "Send live text while somebody speaks. When off, only final texts are sent and the realtime model is not loaded.",
      ru: "Присылать живой текст во время речи. Если выключено, приходят только окончательные тексты, а модель живого текста не загружается.",
    },
  }),
  realtimeProcessingPauseMs: variable({
    env: "REALTIME_PROCESSING_PAUSE",
    group: "transcription",
    type: seconds({ min: 0, max: 10 }),
    default: 20,
    live: true,
    doc: {
      en: "Least new audio between two live texts of an utterance. Under load the distance grows by itself.",
      ru: "Наименьшая длительность нового звука между двумя живыми текстами одной фразы. Под нагрузкой промежуток растёт сам.",
    },
  }),
  textFormatting: variable({
    env: "TEXT_FORMATTING",
    group: "transcription",
    type: flag(),
    default: true,
    live: true,
    doc: {
      en: "Tidy the text as the original system does: single spaces, a capital first letter, a full stop at the end of a final text.",
      ru: "Приводить текст в порядок, как исходная система: одиночные пробелы, заглавная первая буква, точка в конце окончательного текста.",
    },
  }),
  realtimesttAudioMs: variable({
    env: "REALTIMESTT_AUDIO",
    group: "transcription",
    type: seconds({ min: 0, max: 24, zero: { en: "none", ru: "не присылать" } }),
    default: 20_000,
    doc: {
      en: "RealtimeSTT clients only: most audio of an utterance that is sent back to them with transcription_start. More than 24 s would not fit the 1 MiB that the Python client takes.",
      ru: "Только для клиентов RealtimeSTT: сколько звука фразы возвращается им в transcription_start. Больше 24 с не поместилось бы в 1 МиБ, который принимает клиент на Python.",
    },
  }),
  beamSize: variable({
    env: "BEAM_SIZE",
    group: "quality",
    type: beams,
    default: "auto",
    live: true,
    doc: {
      en: `Beam search width of final texts: wider is slower. auto is 10 on a GPU, as in the original system, and 1 on a CPU, where wider was measured to be slower and no better. ${BEAM_NOTE.en}`,
      ru: `Ширина лучевого поиска для окончательных текстов: чем шире, тем медленнее. auto: 10 на GPU, как в исходной системе, и 1 на CPU, где больше, по измерениям, медленнее и не лучше. ${BEAM_NOTE.ru}`,
    },
  }),
  beamSizeRealtime: variable({
    env: "BEAM_SIZE_REALTIME",
    group: "quality",
    type: beams,
    default: "auto",
    live: true,
    doc: {
      en: `Beam search width of live texts: auto is 5 on a GPU and 1 on a CPU. ${BEAM_NOTE.en}`,
      ru: `Ширина лучевого поиска для живых текстов: auto: 5 на GPU и 1 на CPU. ${BEAM_NOTE.ru}`,
    },
  }),
  initialPrompt: variable({
    env: "INITIAL_PROMPT",
    group: "quality",
    type: text(2000),
    default: "",
    empty: { en: "no prompt", ru: "без подсказки" },
    live: true,
    doc: {
      en: "Text that the model is to believe came before: names, terms, a style of punctuation. Keep it short; a long one can drown the speech.",
      ru: "Текст, который модель считает сказанным ранее: имена, термины, манера пунктуации. Держите его коротким: длинный может заглушить саму речь.",
    },
  }),
  vocabulary: variable({
    env: "VOCABULARY",
    group: "quality",
    type: vocabulary,
    default: [],
    empty: { en: "no terms", ru: "без терминов" },
    live: true,
    doc: {
      en: "Names and terms to expect, with `;` between, each with spellings of what it sounds like after commas: `Kubernetes, cooper netties; Grafana`. Sessions add their own.",
      ru: "Имена и термины, которых ждать, через `;`, у каждого через запятую то, как он слышится: `Kubernetes, cooper netties; Grafana`. Сеансы добавляют свои.",
    },
  }),
  vocabularyFile: variable({
    env: "VOCABULARY_FILE",
    group: "quality",
    type: text(4096),
    default: "",
    empty: { en: "no file", ru: "без файла" },
    doc: {
      en: "File of more terms, one a line as in `VOCABULARY`; lines that begin with `#` are left out. It is read at the start.",
      ru: "Файл с другими терминами, по одному в строке, как в `VOCABULARY`; строки, которые начинаются с `#`, пропускаются. Читается при запуске.",
    },
  }),
  vocabularyBias: variable({
    env: "VOCABULARY_BIAS",
    group: "quality",
    type: decimal({ min: 0, max: 3, zero: { en: "not at all", ru: "не отдавать" } }),
    default: 1,
    live: true,
    doc: {
      en: "How much the decoder prefers the terms of a vocabulary; whisper.cpp only. More finds more of them, also where they were not said.",
      ru: "Насколько декодер предпочитает термины словаря; только whisper.cpp. Чем больше, тем чаще он их находит, в том числе там, где их не было.",
    },
  }),
  vocabularyCorrection: variable({
    env: "VOCABULARY_CORRECTION",
    group: "quality",
    type: flag(),
    default: true,
    live: true,
    doc: {
      en: "Write a term of the vocabulary where words were heard that sound like it, unless the model is sure of them or they are common ones.",
      ru: "Писать термин словаря там, где услышаны похожие на него слова, если модель в них не уверена и они не из самых обычных.",
    },
  }),
  hallucinationFilter: variable({
    env: "HALLUCINATION_FILTER",
    group: "quality",
    type: flag(),
    default: true,
    live: true,
    doc: {
      en: "Suppress texts that models invent in silence and noise: loops, phantom phrases, more words than the time allows.",
      ru: "Подавлять тексты, которые модели выдумывают в тишине и шуме: зацикливания, фразы-призраки, больше слов, чем вмещает время.",
    },
  }),
};
