/** Names and terms that base gets wrong: how many come out right with a vocabulary, what it puts in wrongly, and what it costs. */
import { importSource, openEngine } from "./lib/engine.mjs";
import { requirePackages } from "./lib/human/debian-packages.mjs";
import { errorRate } from "./lib/human/measures.mjs";
import { listRecordings } from "./lib/human/recordings-of-people.mjs";
import { weights } from "./lib/human/weights.mjs";
import { round, sum } from "./lib/stats.mjs";
import { decodeAll, decodeOne } from "./lib/vocabulary/decode.mjs";
import { DISTRACTORS } from "./lib/vocabulary/distractors.mjs";
import { foldedWords, insertions, missedTerms } from "./lib/vocabulary/missed-terms.mjs";

const SETS = ["en", "ru", "librivox"];
const LANGUAGES = ["en", "ru"];
/** As common as this a word is no term. */
const COMMON = 1500;
const LONG_LIST = 500;
/** Recordings without a term that are decoded with each means. */
const QUIET = 10;
/** Recordings on which costs are compared. */
const COSTED = 6;
const QUICK = { recordings: 12, quiet: 6, costed: 3 };
/** Confidence of a decoder that is not sure of what is right. */
const UNSURE = 0.8;
const GOAL_PER_THOUSAND = 0.1;

/** What a decoder is asked, by the name of the means. `correction` works on the text of one of them. */
const MEANS = [
  { name: "nothing", ask: {} },
  { name: "correction", ask: {}, correct: true },
  // Of a long list a prompt holds the beginning alone.
  { name: "prompt", ask: { prompt: true }, ownOnly: true },
  { name: "bias", ask: { bias: true } },
  { name: "bias and correction", ask: { bias: true }, correct: true },
  { name: "all three", ask: { bias: true, prompt: true }, correct: true, ownOnly: true },
];

/**
 * @param {object} options
 * @param {boolean} options.quick
 * @param {boolean} [options.kept] the quarter that nothing is tuned to, and that alone
 * @param {boolean} [options.install] missing Debian packages are installed
 * @param {string} [options.limit] recordings of each language at most
 */
export async function run({ quick, kept = false, install = false, limit }) {
  await requirePackages({ install });
  const model = weights();
  const { correctTerms } = await importSource("text/vocabulary/correct-terms.ts");
  const { commonWords } = await importSource("text/vocabulary/common-words.ts");
  const { favouredTerms } = await importSource("decoding/favoured-terms.ts");
  const { vocabularyPrompt } = await importSource("decoding/vocabulary-prompt.ts");
  let opened;
  const engine = () => {
    opened ??= openEngine({ modelPath: model, modelName: "base", threads: 1 });
    return opened;
  };
  const decode = (recordings, what, options) =>
    decodeAll(engine, recordings, { model, what, options, onProgress: progressOf(what) });

  const most = Number(limit ?? (quick ? QUICK.recordings : Number.POSITIVE_INFINITY));
  const rows = [];
  for (const language of LANGUAGES) {
    const recordings = listRecordings()
      .filter((each) => SETS.includes(each.set) && each.language === language && each.kept === kept)
      .slice(0, most);
    const plain = await decode(recordings, "plain", {});
    const common = new Set([...commonWords(language)].slice(0, COMMON));
    const missed = new Map(recordings.map((each) => [each, missedTerms(each, plain.get(each.name).text, common)]));
    const terms = [...new Set([...missed.values()].flat())];
    const withTerms = recordings.filter((each) => missed.get(each).length > 0);
    const without = recordings.filter((each) => !terms.some((term) => foldedWords(each.text).includes(term)));
    const quiet = spread(without, quick ? QUICK.quiet : QUIET);
    const other = DISTRACTORS[LANGUAGES.find((each) => each !== language)];
    const lists = {
      own: terms,
      [LONG_LIST]: [...terms, ...DISTRACTORS[language], ...other].slice(0, Math.max(LONG_LIST, terms.length)),
    };
    for (const [size, list] of Object.entries(lists)) {
      const vocabulary = list.map((term) => ({ term, soundsLike: [] }));
      for (const { name, ask, correct = false, ownOnly = false } of MEANS) {
        if (ownOnly && list !== terms) continue;
        const options = {
          ...(ask.prompt && { prompt: vocabularyPrompt(vocabulary) }),
          ...(ask.bias && { terms: favouredTerms(vocabulary) }),
        };
        const isPlain = Object.keys(options).length === 0;
        const asked = isPlain ? recordings : list === terms ? withTerms : [...withTerms, ...quiet];
        const decoded = isPlain ? plain : await decode(asked, `${Object.keys(ask).join("+")} ${size}`, options);
        let correctionMs = 0;
        const textOf = (recording) => {
          const transcription = decoded.get(recording.name);
          if (!correct) return transcription.text;
          const from = performance.now();
          const { text } = correctTerms(transcription, vocabulary);
          correctionMs += performance.now() - from;
          return text;
        };
        const texts = new Map(asked.map((each) => [each, textOf(each)]));
        const right = withTerms.map((each) => {
          const words = foldedWords(texts.get(each));
          return missed.get(each).filter((term) => words.includes(term)).length;
        });
        const heardWithout = asked.filter((each) => without.includes(each));
        const wrong = heardWithout.flatMap((each) =>
          insertions(each.text, plain.get(each.name).text, texts.get(each), list),
        );
        const words = sum(heardWithout.map((each) => foldedWords(each.text).length));
        const wrongIn = (of) => errorRate(of.map((recording) => ({ recording, text: texts.get(recording) })));
        rows.push({
          language,
          size: list.length,
          name,
          missed: sum(withTerms.map((each) => missed.get(each).length)),
          right: sum(right),
          words,
          wrong: wrong.length,
          errors: wrongIn(withTerms),
          errorsWithout: wrongIn(heardWithout),
          correctionMs: correct ? correctionMs / asked.length : undefined,
        });
        process.stderr.write(`  ${JSON.stringify(rows.at(-1))} ${wrong.join(", ")}\n`);
      }
    }
  }
  const right = LANGUAGES.map((language) => correctRightText(language, correctTerms));
  const costs = await measureCosts(await engine(), {
    recordings: spread(
      listRecordings().filter(({ set }) => set === "en"),
      quick ? QUICK.costed : COSTED,
    ),
    favouredTerms,
    vocabularyPrompt,
  });
  await (await opened).close();
  return report({ rows, right, costs });
}

/** What was said, as if a decoder had written it rightly and had not been sure: what the correction makes of it is wrong. */
function correctRightText(language, correctTerms) {
  const other = LANGUAGES.find((each) => each !== language);
  const vocabulary = [...DISTRACTORS[language], ...DISTRACTORS[other]]
    .slice(0, LONG_LIST)
    .map((term) => ({ term, soundsLike: [] }));
  const texts = listRecordings()
    .filter((each) => each.language === language && each.text !== "")
    .map(({ text }) => text);
  const changed = texts.flatMap((text) => {
    const segment = { text, averageLogProbability: Math.log(UNSURE), startMs: 0, endMs: 0 };
    const corrected = correctTerms({ text, language, segments: [segment] }, vocabulary).text;
    return corrected === text ? [] : [`${text} > ${corrected}`];
  });
  for (const each of changed) process.stderr.write(`  ${each}\n`);
  return { language, words: sum(texts.map((text) => foldedWords(text).length)), changed: changed.length };
}

/** Processor time of the same decodes, each asked in each way in turn, so that what else runs slows all of them. */
async function measureCosts(engine, { recordings, favouredTerms, vocabularyPrompt }) {
  const vocabulary = [...DISTRACTORS.en, ...DISTRACTORS.ru]
    .slice(0, LONG_LIST)
    .map((term) => ({ term, soundsLike: [] }));
  const ways = {
    nothing: {},
    [`prompt, ${LONG_LIST} terms`]: { prompt: vocabularyPrompt(vocabulary) },
    [`bias, ${LONG_LIST} terms`]: { terms: favouredTerms(vocabulary) },
  };
  const cpuMs = Object.fromEntries(Object.keys(ways).map((name) => [name, 0]));
  for (const recording of recordings) {
    for (const [name, options] of Object.entries(ways)) {
      const before = (await engine.memory()).cpuMs;
      await decodeOne(engine, recording, options);
      cpuMs[name] += (await engine.memory()).cpuMs - before;
    }
  }
  return Object.entries(cpuMs).map(([name, ms]) => ({ name, ms: ms / recordings.length }));
}

function report({ rows, right, costs }) {
  const total = (name, key, long) =>
    sum(rows.filter((row) => row.name === name && row.size >= LONG_LIST === long).map((row) => row[key]));
  const perThousand = (row) =>
    row.words === 0 ? "" : `${round((1000 * row.wrong) / row.words, 2)} (${row.wrong} in ${row.words})`;
  const goalOf = (long) => ({
    what: `terms put in wrongly by bias and correction, ${long ? `${LONG_LIST} terms` : "the missed terms alone"}, per 1,000 words`,
    value: round((1000 * total("bias and correction", "wrong", long)) / total("bias and correction", "words", long), 2),
    atMost: GOAL_PER_THOUSAND,
  });
  return {
    title: "Vocabulary",
    tables: [
      {
        columns: [
          "language",
          "terms in the list",
          "means",
          "missed terms now right",
          "wrong words there, %",
          "put in wrongly per 1,000 words elsewhere",
          "wrong words elsewhere, %",
          "correction, ms each",
        ],
        rows: rows.map((row) => [
          row.language,
          row.size,
          row.name,
          `${row.right} of ${row.missed}`,
          round(row.errors, 1),
          perThousand(row),
          Number.isFinite(row.errorsWithout) ? round(row.errorsWithout, 1) : "",
          row.correctionMs === undefined ? "" : round(row.correctionMs, 2),
        ]),
      },
      {
        columns: ["right text", "words", `changed by the correction, ${LONG_LIST} terms`],
        rows: right.map(({ language, words, changed }) => [language, words, changed]),
      },
      {
        columns: ["means", "processor time of a decode, ms"],
        rows: costs.map(({ name, ms }) => [name, round(ms)]),
      },
    ],
    goals: [goalOf(false), goalOf(true)],
    notes: [
      "Whisper base, greedy, on people's recordings in English and Russian as finals are decoded. A missed term is a word of five letters or more, none of the 1,500 commonest, of which the text without any help has not even the stem; the lists are all of them, alone and among names of people, places and products up to 500. Recordings without any of these words show what is put in wrongly: all of them for what works on the text alone, 10 of each language where each has to be decoded again.",
    ],
  };
}

function progressOf(what) {
  return (done, all) => {
    if (done % 10 === 0) process.stderr.write(`  ${what}: ${done} of ${all}\n`);
  };
}

function spread(list, count) {
  if (list.length <= count) return list;
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]);
}
