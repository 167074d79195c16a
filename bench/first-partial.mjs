/** How soon text appears after somebody starts to speak, how often it moves on, and how much of it is committed when. */
import { foldedWords } from "../packages/core/dist/index.js";
import { heardBy, playOnce } from "./lib/play.mjs";
import { conversation, joined, pause, sentences } from "./lib/recordings.mjs";
import { Speaker } from "./lib/speaker.mjs";
import { median, percentile, round } from "./lib/stats.mjs";
import { startSttServer } from "./lib/stt-server.mjs";

const MOMENTS = [0.25, 0.5, 0.75, 1];

export async function run({ quick }) {
  const limit = quick ? 8 : Number.POSITIVE_INFINITY;
  const long = (language) => [0, 3, 6, 9].flatMap((i) => [pause(1500), joined(sentences[language].slice(i, i + 3))]);
  const scripts = [
    ["sentences, en", "en", conversation("en", 1).slice(0, limit)],
    ["sentences, ru", "ru", conversation("ru", 2).slice(0, limit)],
    ["three sentences in one breath, en", "en", long("en").slice(0, limit / 2)],
    ["three sentences in one breath, ru", "ru", long("ru").slice(0, limit / 2)],
  ].slice(0, quick ? 3 : 4);
  const server = await startSttServer();
  const results = [];
  for (const [name, language, playlist] of scripts) {
    const speaker = await Speaker.open(server.port, { playlist, language, keepPartials: true });
    const late = await playOnce([speaker], playlist.filter(({ recording }) => recording).length);
    results.push({ name, late, speaker, utterances: heardBy([speaker]) });
    speaker.close();
  }
  await server.close();

  const all = results.flatMap(({ utterances }) => utterances);
  const row = (name, utterances) => {
    const compute = utterances.flatMap(firstCompute);
    return [
      name,
      utterances.length,
      round(median(compute)),
      round(percentile(compute, 95)),
      round(median(utterances.flatMap(firstAfterOnset))),
      round(median(utterances.map(updatesPerSecond)), 1),
      round(percentile(utterances.map(updatesPerSecond), 5), 1),
      ...MOMENTS.map((moment) => round(100 * median(utterances.map((each) => committedShare(each, moment))))),
    ];
  };
  const retractions = results.reduce((total, { speaker }) => total + speaker.retractions, 0);
  return {
    title: "First partial and live text",
    tables: [
      {
        columns: [
          "one session at the pace of speech",
          "utterances",
          "compute p50, ms",
          "compute p95, ms",
          "after onset p50, ms",
          "updates a second p50",
          "p5",
          ...MOMENTS.map((moment) => `committed at ${100 * moment} %`),
        ],
        rows: [...results.map(({ name, utterances }) => row(name, utterances)), row("all", all)],
      },
    ],
    goals: [
      {
        what: "compute of the first partial (p95)",
        value: round(percentile(all.flatMap(firstCompute), 95)),
        atMost: 300,
        unit: "ms",
      },
      {
        what: "updates while one session speaks (median)",
        value: round(median(all.map(updatesPerSecond)), 1),
        atLeast: 3,
        unit: "a second",
      },
      { what: "retractions of committed text", value: retractions, atMost: 0 },
    ],
    notes: [
      "Compute is from the moment the frame left the client with which the server had heard 320 ms of speech (it needs 300) to the arrival of the first partial: network, voice detection, queue and decode.",
      "Updates are partials from the first on, over the speech from 0.5 s after its onset to its end. Committed is the share of the final's words that were committed when this part of the speech had been sent (medians).",
      `Greedy. The load generator was at most ${round(Math.max(...results.map(({ late }) => late)), 1)} ms late (p99).`,
    ],
  };
}

const firstCompute = ({ partials, firstNeededAt }) => (partials.length > 0 ? [partials[0].at - firstNeededAt] : []);

const firstAfterOnset = ({ partials, startDecidedAt }) =>
  // The frame that opened the utterance ended 64 ms after its onset.
  partials.length > 0 ? [partials[0].at - startDecidedAt + 64] : [];

function updatesPerSecond({ partials, startMs, endMs }) {
  const speech = endMs - startMs - 500;
  return (1000 * partials.filter((partial) => partial.endMs <= endMs + 64).length) / Math.max(speech, 500);
}

function committedShare({ partials, text, startDecidedAt, startMs, endMs }, moment) {
  const at = startDecidedAt - 64 + moment * (endMs - startMs);
  const then = partials.findLast((partial) => partial.at <= at);
  return then ? Math.min(1, foldedWords(then.committed).length / foldedWords(text).length) : 0;
}
