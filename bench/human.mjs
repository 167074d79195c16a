/** How people are heard: what is lost, how right the text is beside other programs on the same weights, and how soon it comes. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { streamWithoutPauses } from "./lib/human/continuous.mjs";
import { requirePackages } from "./lib/human/debian-packages.mjs";
import {
  changedPerHundred,
  errorRate,
  finalDelays,
  firstTextDelays,
  isLost,
  isPhantom,
  retractions,
} from "./lib/human/measures.mjs";
import { fasterWhisper, whisperCli } from "./lib/human/offline.mjs";
import { cache, listRecordings } from "./lib/human/recordings-of-people.mjs";
import { speechless } from "./lib/human/speechless.mjs";
import { streamRecording } from "./lib/human/stream-recording.mjs";
import { weights } from "./lib/human/weights.mjs";
import { cpuSecondsOfTree } from "./lib/processes.mjs";
import { percentile, round, sum } from "./lib/stats.mjs";
import { startSttServer } from "./lib/stt-server.mjs";

const SETS = ["en", "ru", "es", "fr", "it", "librivox", "short-en", "short-ru"];
/** Each of the twelve kinds, two of which are shorter: an hour together. */
const SPEECHLESS_SECONDS = 320;
const QUICK = { limit: 3, speechlessSeconds: 20 };
/** Speech without pauses, in these languages. */
const WITHOUT_PAUSES = { languages: ["en", "ru"], seconds: 150, quickSeconds: 30 };
/** Sessions at once where only the text counts. */
const STREAMS = 3;
const OTHERS = [
  { key: "greedy", name: "whisper-cli, greedy" },
  { key: "beam", name: "whisper-cli, 5 beams" },
  { key: "faster", name: "faster-whisper, 1 beam" },
  { key: "faster5", name: "faster-whisper, 5 beams" },
];
/** Streamed text may be so many points worse than whisper-cli's. */
const POINTS = 0.5;

/**
 * @param {object} options
 * @param {boolean} options.quick a few recordings of each set
 * @param {boolean} [options.fast] only the text, several sessions at once as quickly as the server takes it
 * @param {boolean} [options.kept] the quarter that nothing is tuned to, and that alone
 * @param {boolean} [options.install] missing Debian packages are installed
 * @param {string} [options.languages] sets by name, with commas
 * @param {string} [options.limit] recordings of each set at most, spread over it
 */
export async function run({ quick, fast = false, kept = false, install = false, languages, limit }) {
  await requirePackages({ install });
  const model = weights();
  const most = limit ? Number(limit) : quick ? QUICK.limit : Number.POSITIVE_INFINITY;
  if (!(most >= 1)) throw new Error(`--limit takes a number of recordings, not "${limit}".`);
  const sets = chooseSets(languages, quick);
  const all = listRecordings();
  const chosen = sets.map((set) => ({
    set,
    recordings: spread(
      all.filter((each) => each.set === set && (each.kept === kept || set === "librivox")),
      most,
    ),
  }));

  const server = await startSttServer({ WHISPER_MODEL: model, REALTIME_MODEL_TYPE: model });
  const rows = [];
  for (const { set, recordings } of chosen) rows.push(await hear(server, set, recordings, fast));
  const endless = [];
  for (const { set, recordings } of fast ? [] : chosen.filter(({ set }) => WITHOUT_PAUSES.languages.includes(set))) {
    process.stderr.write(`  ${set}, without pauses\n`);
    const seconds = quick ? WITHOUT_PAUSES.quickSeconds : WITHOUT_PAUSES.seconds;
    endless.push({ set, ...(await streamWithoutPauses(server.port, recordings, { seconds })) });
  }
  const quiet =
    languages && !languages.includes("speechless")
      ? []
      : await speechless({
          seconds: quick ? QUICK.speechlessSeconds : SPEECHLESS_SECONDS,
          kept,
        });
  const empty = await hear(server, "speechless", quiet, true);
  await server.close();

  for (const row of rows) row.others = await decodeOffline(row, { model, quick });
  const file = keep({ rows, empty });
  process.stderr.write(`every text: ${file}\n`);
  return report({ rows, endless, empty, fast, kept });
}

function chooseSets(languages, quick) {
  const wanted = languages?.split(",") ?? (quick ? SETS.filter((set) => set !== "librivox") : SETS);
  const unknown = wanted.find((set) => !SETS.includes(set) && set !== "speechless");
  if (unknown !== undefined) throw new Error(`There are no recordings "${unknown}": ${SETS.join(", ")}, speechless.`);
  return wanted.filter((set) => set !== "speechless");
}

/** Some of a set, as far from each other as they can be. */
function spread(recordings, most) {
  if (recordings.length <= most) return recordings;
  return Array.from({ length: most }, (_, i) => recordings[Math.floor((i * recordings.length) / most)]);
}

/** Streams recordings, one after another, or several at once where only the text counts. */
async function hear(server, set, recordings, fast) {
  const before = cpuSecondsOfTree(server.pid);
  const streamed = [];
  let next = 0;
  const worker = async () => {
    while (next < recordings.length) {
      const recording = recordings[next++];
      streamed.push(await streamRecording(server.port, recording, { fast }));
      if (streamed.length % 10 === 0 || streamed.length === recordings.length)
        process.stderr.write(`  ${set}: ${streamed.length} of ${recordings.length}\n`);
    }
  };
  await Promise.all(Array.from({ length: fast ? STREAMS : 1 }, worker));
  const cpuSeconds = cpuSecondsOfTree(server.pid) - before;
  for (const { recording, failure } of streamed) if (failure) process.stderr.write(`  ${recording.name}: ${failure}\n`);
  return { set, streamed, cpuSeconds, minutes: sum(streamed.map(({ audioMs }) => audioMs)) / 60_000 };
}

/** Word error rates of other programs over the same recordings; undefined for what is not here or was not asked for. */
async function decodeOffline({ set, streamed }, { model, quick }) {
  const recordings = streamed.map(({ recording }) => recording);
  const onProgress = (done, of) => process.stderr.write(`  ${set}, offline: ${done} of ${of}\n`);
  const rate = (texts) =>
    texts && errorRate(recordings.map((recording) => ({ recording, text: texts.get(recording.name) })));
  return {
    greedy: rate(await whisperCli(recordings, { model, decoding: "greedy", onProgress })),
    beam: quick ? undefined : rate(await whisperCli(recordings, { model, decoding: "beam 5", onProgress })),
    faster: quick ? undefined : rate(await fasterWhisper(recordings, { beams: 1, onProgress })),
    faster5: quick ? undefined : rate(await fasterWhisper(recordings, { beams: 5, onProgress })),
  };
}

/** Writes every text down, for those who look for the reason of a figure. */
function keep({ rows, empty }) {
  const file = path.join(cache, "last-run.json");
  mkdirSync(cache, { recursive: true });
  const texts = [...rows, empty].flatMap(({ streamed }) =>
    streamed.map(({ recording, text, utterances, failure }) => ({
      name: recording.name,
      said: recording.text,
      text,
      failure,
      utterances: utterances.map(({ startMs, endMs, partials, text }) => ({
        startMs,
        endMs,
        committed: partials.at(-1)?.committed,
        text,
      })),
    })),
  );
  writeFileSync(file, JSON.stringify(texts, undefined, 1));
  return file;
}

function report({ rows, endless, empty, fast, kept }) {
  const retracted = (streamed) => sum(streamed.flatMap(({ utterances }) => utterances.map(retractions)));
  const percent = (value) => (value === undefined ? "–" : round(value, 1));
  const streamed = rows.flatMap((row) => row.streamed);
  const phantoms = [...streamed, ...empty.streamed].filter(isPhantom);
  const lost = streamed.filter(isLost);
  const failed = [...streamed, ...empty.streamed].filter(({ failure }) => failure);
  const others = OTHERS.filter(({ key }) => rows.some((row) => row.others[key] !== undefined));
  const text = {
    columns: [
      "recordings",
      "number",
      "minutes",
      "lost",
      "retractions",
      "phantoms",
      "streamed, % wrong",
      ...others.map(({ name }) => name),
    ],
    rows: rows.map((row) => [
      row.set,
      row.streamed.length,
      round(row.minutes, 1),
      row.streamed.filter(isLost).length,
      retracted(row.streamed),
      row.streamed.filter(isPhantom).length,
      round(errorRate(row.streamed), 1),
      ...others.map(({ key }) => percent(row.others[key])),
    ]),
  };
  const live = {
    columns: [
      "live text",
      "onset to first text p50, ms",
      "p95",
      "words changed later, per 100",
      "processor seconds a minute",
    ],
    rows: rows.map((row) => [
      row.set,
      ...[50, 95].map((p) => round(percentile(firstTextDelays(row.streamed), p))),
      round(changedPerHundred(row.streamed), 1),
      round(row.cpuSeconds / row.minutes, 1),
    ]),
  };
  const finals = {
    columns: [
      "end of speech to final, ms",
      ...finalDelays([]).flatMap(({ name }) => [`${name}: number`, "p50", "p95"]),
    ],
    rows: [...rows, { set: "all", streamed }].map((row) => [
      row.set,
      ...finalDelays(row.streamed).flatMap(({ count, p50, p95 }) => [count, p50, p95]),
    ]),
  };
  const withoutPauses = {
    columns: [
      "speech without pauses",
      "minutes",
      "words",
      "word to screen p50, ms",
      "p95",
      "word to certain p50, ms",
      "p95",
      "% wrong",
    ],
    rows: endless.map(({ set, minutes, behindMs, settledMs, text, said }) => [
      set,
      round(minutes, 1),
      behindMs.length,
      ...[50, 95].map((p) => round(percentile(behindMs, p))),
      ...[50, 95].map((p) => round(percentile(settledMs, p))),
      round(errorRate([{ recording: { text: said, language: set }, text }]), 1),
    ]),
  };
  const silence = {
    columns: ["nobody speaks", "minutes", "utterances opened", "finals with text"],
    rows: empty.streamed.map((each) => [
      each.recording.kind,
      round(each.audioMs / 60_000, 1),
      each.utterances.length,
      each.utterances.filter(({ text }) => text).length,
    ]),
  };
  const languages = rows.filter(({ set }) => /^..$/.test(set));
  return {
    title: "People's voices",
    tables: [
      text,
      ...(fast ? [] : [live, finals]),
      ...(endless.length > 0 ? [withoutPauses] : []),
      ...(empty.streamed.length > 0 ? [silence] : []),
    ],
    goals: [
      { what: "recordings of which no word came", value: lost.length, atMost: 0 },
      { what: "committed text taken back", value: retracted(streamed), atMost: 0 },
      { what: "phantoms", value: phantoms.length, atMost: 0 },
      ...languages.map(({ set, streamed, others }) => ({
        what: `${set}, streamed above whisper-cli, greedy`,
        value: round(errorRate(streamed) - others.greedy, 2),
        atMost: POINTS,
        unit: "points",
      })),
    ],
    notes: [
      `Telephone prompts read by one speaker for each language, read prose (librivox), and prompts of one or two words (short), ${kept ? "the quarter that is kept for acceptance" : "less the quarter that is kept for acceptance"}. Word error rates after OpenAI's normalisation for English and the basic one for the others; references have habits of their own, so compare the columns and not with zero.`,
      fast
        ? `Only the text was measured: ${STREAMS} sessions at once, as quickly as the server took the audio. Endings of utterances follow the audio and not the clock, so finals are the same at any pace; live text is not, and retractions mean little here.`
        : "First text counts from the first sound that is within 30 dB of a recording's loudest, the final from the last sound of the utterance, so 700 ms of silence that end it are in it. Words changed later: those shown in one update that the next, or the final, has not, for each hundred words of the finals.",
      "whisper-cli is of the same whisper.cpp on the same weights and hears each recording whole, in its window of 30 s, with its repeats at higher temperatures.",
      ...(endless.length > 0
        ? [
            "Speech without pauses is recordings joined at their sounds. Word to screen: from the end of a word, by the final's word times, until as many words stood in the live text; certain: until it was committed.",
          ]
        : []),
      "Committed text is taken back when an update does not go on from it, or when its utterance ends without text. A phantom is text where nobody speaks, and three words more than were said on a short recording.",
      ...(failed.length > 0
        ? [`Broken off: ${failed.map(({ recording, failure }) => `${recording.name} (${failure})`).join(", ")}.`]
        : []),
      ...(lost.length > 0 ? [`Lost: ${lost.map(({ recording }) => recording.name).join(", ")}.`] : []),
      ...(phantoms.length > 0
        ? [`Phantoms: ${phantoms.map(({ recording, text }) => `${recording.name} (${text.slice(0, 60)})`).join(", ")}.`]
        : []),
    ],
  };
}
