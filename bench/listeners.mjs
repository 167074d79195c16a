/** How many connected, mostly silent sessions the machine carries before voice detection lags. */

import { Pacer } from "./lib/pacer.mjs";
import { hushAll } from "./lib/play.mjs";
import { watchCpu } from "./lib/processes.mjs";
import { pause, sentences } from "./lib/recordings.mjs";
import { Speaker } from "./lib/speaker.mjs";
import { percentile, randomFrom, round, shuffled, sleep } from "./lib/stats.mjs";
import { startSttServer } from "./lib/stt-server.mjs";

const LIMIT_MS = 200;
/** Sentences are so long on average. */
const SENTENCE_MS = 2600;
/** Shares of the time that a session speaks: a meeting's listeners, and as many people at once as two cores can transcribe. */
const SHARES = [0.01, 0.05];

export async function run({ quick }) {
  const steps = quick ? [250, 500, 1000] : [250, 500, 750, 1000, 1250, 1500, 2000];
  const rows = [];
  const carried = [];
  for (const share of quick ? SHARES.slice(0, 1) : SHARES) {
    const server = await startSttServer();
    const speakers = [];
    let most = 0;
    for (const n of steps) {
      while (speakers.length < n) speakers.push(await listener(server.port, speakers.length, share));
      const result = await measure(server, speakers, quick ? 15_000 : 60_000);
      rows.push([n, 100 * share, ...result.cells]);
      process.stderr.write(`  ${n} sessions, ${100 * share} % speaking: lag p99 ${round(result.lag)} ms\n`);
      if (!(result.lag <= LIMIT_MS) || result.lost > 0) break;
      most = n;
    }
    carried.push(most);
    for (const speaker of speakers) speaker.close();
    await server.close();
  }
  return {
    title: "Connected, mostly silent sessions",
    tables: [
      {
        columns: [
          "sessions",
          "speaking, %",
          "onsets",
          "lag p50, ms",
          "lag p99, ms",
          "at the end p99, ms",
          "final p95, ms",
          "lost",
          "server, % of a core",
          "inference",
          "generator",
          "generator late p99, ms",
        ],
        rows,
      },
    ],
    goals: carried.map((value, i) => ({
      what: `sessions with a lag (p99) under ${LIMIT_MS} ms, ${100 * SHARES[i]} % speaking,`,
      value,
      atLeast: 1000,
    })),
    notes: [
      "Every session sends 31 frames of 32 ms a second: room noise at -60 dB, and for its share of the time sentences, with live text and finals.",
      "Lag is from sending the second frame of speech, which makes an utterance by the rules of the tracker, to the arrival of `speech_start`: generator, network, queue, gate and Silero. At the end is the same for the frame that completes the silence and `speech_end`.",
      "The load generator shares the cores with the server; where it is late itself, the lag includes that.",
    ],
  };
}

async function measure(server, speakers, ms) {
  for (const speaker of speakers) speaker.hushed = false;
  const pacer = new Pacer(speakers).start();
  await sleep(5000);
  pacer.resetLateness();
  const from = performance.now();
  const cpu = watchCpu(server.pids);
  await sleep(ms);
  const shares = cpu();
  const late = pacer.latenessMs();
  const to = performance.now();
  await hushAll(speakers);
  pacer.stop();
  const heard = speakers
    .flatMap((speaker) => [...speaker.utterances.values()])
    .filter(({ startDecidedAt }) => startDecidedAt >= from && startDecidedAt < to);
  const lags = heard.map(({ startAt, startDecidedAt }) => startAt - startDecidedAt);
  const ended = heard.filter(({ endAt }) => endAt !== undefined);
  const finals = ended.map(({ finalAt, endDecidedAt }) => (finalAt ?? Number.POSITIVE_INFINITY) - endDecidedAt);
  const lost = speakers.filter(({ failure }) => failure !== undefined).length;
  const lag = percentile(lags, 99);
  const cells = [
    lags.length,
    round(percentile(lags, 50), 1),
    round(lag, 1),
    round(
      percentile(
        ended.map(({ endAt, endDecidedAt }) => endAt - endDecidedAt),
        99,
      ),
      1,
    ),
    round(percentile(finals, 95)),
    lost,
    ...["server", "inference", "bench"].map((name) => round(100 * shares[name])),
    round(late, 1),
  ];
  return { lag, lost, cells };
}

/** Somebody who speaks a sentence now and then. */
async function listener(port, i, share) {
  const random = randomFrom(i);
  const language = i % 2 ? "ru" : "en";
  const pauseMs = SENTENCE_MS / share - SENTENCE_MS;
  const talk = shuffled(sentences[language], random).flatMap((part) => [part, pause(pauseMs * (0.5 + random()))]);
  return Speaker.open(port, { playlist: [pause(pauseMs * random()), ...talk], language });
}
