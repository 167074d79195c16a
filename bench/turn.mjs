/** Where a turn ends: how often the plain rule and the model cut a speaker off, how long they wait, and what the model costs. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ENGINE_SAMPLE_RATE, turnWaitMs, VAD_FRAME_SAMPLES } from "@stt/core";
import { createConfig } from "@stt/core/config";
import { importSource } from "./lib/engine.mjs";
import { requirePackages } from "./lib/human/debian-packages.mjs";
import { cache, layOut, listRecordings } from "./lib/human/recordings-of-people.mjs";
import { median, round, sum } from "./lib/stats.mjs";
import { countSilences, heardSamples, inRoom, stoppingPlace } from "./lib/turn/pauses.mjs";
import { costs } from "./lib/turn/turn-waits.mjs";

const LANGUAGES = ["en", "ru", "es", "fr", "it"];
const PLAIN_MS = [300, 500, 700, 1000, 1500];
const EAGERNESS = ["high", "medium", "low"];
/** Recordings longer than this are lists of several sentences: turns of their own. */
const LONGEST_MS = 10_000;
const SHORTEST_MS = 1500;
const QUICK = 12;
/** A silence belongs to the end of what was said when it begins no farther from it than this: words fade. */
const NEAR_MS = 500;

/**
 * @param {object} options
 * @param {boolean} options.quick a few recordings of each language
 * @param {boolean} [options.kept] the quarter that nothing is tuned to, and that alone
 * @param {boolean} [options.install] missing Debian packages are installed
 * @param {string} [options.languages] by code, with commas
 * @param {string} [options.limit] recordings of each language at most, spread over them
 */
export async function run({ quick, kept = false, install = false, languages, limit }) {
  await requirePackages({ install });
  const most = Number(limit ?? (quick ? QUICK : 60));
  const wanted = languages?.split(",") ?? LANGUAGES;
  const parts = await openParts();
  const rows = [];
  for (const language of wanted) {
    const recordings = listRecordings().filter((each) => each.set === language && each.kept === kept);
    rows.push({ language, cases: await listen(parts, language, spread(recordings, most)) });
  }
  await parts.close();
  const file = path.join(cache, "last-turns.json");
  mkdirSync(cache, { recursive: true });
  writeFileSync(file, JSON.stringify(rows, undefined, 1));
  process.stderr.write(`every answer: ${file}\n`);
  return report(rows, kept);
}

async function openParts() {
  const { createVad } = await importSource("vad/create-vad.ts");
  const { TurnThread } = await importSource("turn/turn-thread.ts");
  const { turnModelPath } = await importSource("turn/turn-model-file.ts");
  const { defaultSettings, trackerOptions } = await importSource("settings/session-settings.ts");
  const vad = await createVad();
  const model = await TurnThread.start(turnModelPath());
  const options = trackerOptions(defaultSettings(createConfig()));
  return { vad, model, options, close: () => Promise.all([vad.close(), model.close()]) };
}

function spread(recordings, most) {
  if (recordings.length <= most) return recordings;
  return Array.from({ length: most }, (_, i) => recordings[Math.floor((i * recordings.length) / most)]);
}

async function listen(parts, language, recordings) {
  const cases = [];
  for (const recording of recordings) {
    const samples = heardSamples(await layOut(recording));
    const audioMs = (1000 * samples.length) / ENGINE_SAMPLE_RATE;
    if (audioMs < SHORTEST_MS || audioMs > LONGEST_MS) continue;
    const stop = stoppingPlace(samples, await probabilitiesOf(parts.vad, samples));
    const end = await askAfter(parts, samples);
    const pause = stop && (await askAfter(parts, samples.subarray(0, stop.sample)));
    // The detector has to have heard both.
    if (!end || !pause) continue;
    cases.push({
      name: recording.name,
      text: recording.text,
      audioMs,
      kind: stop.kind,
      stopMs: stop.sample / 16,
      end,
      pause,
    });
    if (cases.length % 20 === 0) process.stderr.write(`  ${language}: ${cases.length}\n`);
  }
  return cases;
}

/** Says something, falls silent, and puts the question of that silence. */
async function askAfter({ vad, model, options }, samples) {
  const audio = inRoom(samples);
  const spokenUntil = ENGINE_SAMPLE_RATE + samples.length;
  const silences = countSilences(await probabilitiesOf(vad, audio), options);
  const silence = silences.at(-1);
  if (!silence || spokenUntil - silence.atSample > (NEAR_MS * ENGINE_SAMPLE_RATE) / 1000) return undefined;
  const heard = audio.slice(Math.max(silence.startSample, silence.sample - 8 * ENGINE_SAMPLE_RATE), silence.sample);
  const before = process.cpuUsage();
  const probability = await model.ask(heard);
  const { user, system } = process.cpuUsage(before);
  return { probability, speechMs: silence.speechMs, cpuMs: (user + system) / 1000, questions: silences.length };
}

async function probabilitiesOf(vad, samples) {
  const probabilities = [];
  const frames = Math.floor(samples.length / VAD_FRAME_SAMPLES);
  await new Promise((resolve, reject) => {
    const stream = vad.createStream({
      onProbability: (probability) => {
        probabilities.push(probability);
        if (probabilities.length < frames) return;
        stream.close();
        resolve();
      },
      onError: reject,
    });
    for (let frame = 0; frame < frames; frame++) {
      stream.push(samples.slice(frame * VAD_FRAME_SAMPLES, (frame + 1) * VAD_FRAME_SAMPLES));
    }
  });
  return probabilities;
}

function report(rows, kept) {
  const { postSpeechSilenceDurationMs, endOfTurnMaxSilenceMs } = createConfig();
  const all = rows.flatMap(({ language, cases }) => cases.map((each) => ({ ...each, language })));
  const model = (eagerness) => {
    const waitAt = (each) => (where) => {
      const { probability, speechMs } = each[where];
      const policy = { eagerness, maxSilenceMs: endOfTurnMaxSilenceMs, language: each.language };
      return { waitMs: turnWaitMs(probability, speechMs, policy) ?? postSpeechSilenceDurationMs };
    };
    return { name: `model, ${eagerness}`, waitAt };
  };
  const plain = (waitMs) => ({ name: `silence of ${waitMs} ms`, waitAt: () => () => ({ waitMs }) });
  const rules = [...PLAIN_MS.map(plain), ...EAGERNESS.map(model)];
  const costsOf = ({ waitAt }, cases) =>
    costs(
      cases.map((each) => waitAt(each)("pause")),
      cases.map((each) => waitAt(each)("end")),
    );
  const phrases = all.filter(({ kind }) => kind === "phrase");
  const asked = all.flatMap(({ end, pause }) => [end, pause]);
  const cpuMs = median(asked.map((each) => each.cpuMs));
  const minutes = sum(all.map(({ audioMs }) => audioMs)) / 60_000;
  const questions = sum(all.map(({ end }) => end.questions));
  return {
    title: "Where a turn ends",
    tables: [
      {
        columns: [
          "rule",
          "cut off, fluent, %",
          "thinking, %",
          "within a phrase: fluent, %",
          "thinking, %",
          "wait at the end p50, ms",
          "p90",
          "mean",
        ],
        rows: rules.map((rule) => {
          const [every, phrase] = [costsOf(rule, all), costsOf(rule, phrases)];
          return [
            rule.name,
            ...[every.fluent, every.thinking, phrase.fluent, phrase.thinking].map((value) => round(value, 1)),
            ...[every.p50, every.p90, every.mean].map((value) => round(value)),
          ];
        }),
      },
      {
        columns: [
          "language",
          "recordings",
          "in a pause",
          "sounds finished at an end, %",
          "in mid-turn, %",
          ...rules.slice(-3).flatMap(({ name }) => [`${name}: cut off, fluent, %`, "thinking, %", "mean wait, ms"]),
        ],
        rows: rows.map(({ language, cases }) => {
          const own = all.filter((each) => each.language === language);
          const finished = (where) => (100 * own.filter((each) => each[where].probability > 0.5).length) / own.length;
          return [
            language,
            own.length,
            cases.filter(({ kind }) => kind === "pause").length,
            round(finished("end"), 1),
            round(finished("pause"), 1),
            ...rules.slice(-3).flatMap((rule) => {
              const { fluent, thinking, mean } = costsOf(rule, own);
              return [round(fluent, 1), round(thinking, 1), round(mean)];
            }),
          ];
        }),
      },
      {
        columns: ["questions a minute of speech", "processor a question, ms", "of a core for each speaker, %"],
        rows: [[round(questions / minutes, 1), round(cpuMs), round((questions / minutes) * (cpuMs / 600), 1)]],
      },
    ],
    notes: [
      `Telephone prompts of ${SHORTEST_MS / 1000} to ${LONGEST_MS / 1000} s, one speaker for each language, ${kept ? "the quarter that is kept for acceptance" : "less the quarter that is kept for acceptance"}, in a room of -58 dB. Each is heard to its end, and stopped once in mid-turn: at its longest pause of at least 160 ms, else at the quietest place between 35 and 75 %. Such places are often seams between clauses, which are harder than the middle of a phrase. The waits are those of the server's own detector, tracker, model and policy.`,
      "The lengths of pauses are assumed, since prompts that are read hold no hesitation: log-normal, a fluent speaker's with a median of 350 ms (8 % above 700 ms), a thinking one's of 700 ms (28 % above a second). Cut off: the turn was ended inside the pause. A rule is to be judged by its mean wait beside the share that it cuts off.",
      "The model hears how words are said and not what they mean: where a clause or a sentence ends inside a turn it often takes the turn for over. Hence the columns for places within a phrase.",
    ],
  };
}
