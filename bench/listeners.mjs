/** How many connected, mostly silent sessions the machine carries before voice detection lags. */

import { Pacer } from "./lib/pacer.mjs";
import { heardBy, hushAll } from "./lib/play.mjs";
import { watchCpu } from "./lib/processes.mjs";
import { pause, sentences } from "./lib/recordings.mjs";
import { Speaker } from "./lib/speaker.mjs";
import { percentile, randomFrom, round, shuffled, sleep } from "./lib/stats.mjs";
import { startSttServer } from "./lib/stt-server.mjs";

const LIMIT_MS = 200;
const SPEAKING = 0.05;
/** Sentences are 2.6 s on average. */
const PAUSE_MS = 2600 / SPEAKING - 2600;

export async function run({ quick }) {
  const measureMs = quick ? 15_000 : 60_000;
  const server = await startSttServer();
  const rows = [];
  const speakers = [];
  let carried = 0;
  for (const n of quick ? [250, 500, 1000] : [250, 500, 750, 1000, 1250, 1500, 2000]) {
    for (const speaker of speakers) speaker.hushed = false;
    while (speakers.length < n) speakers.push(await listener(server.port, speakers.length));
    const pacer = new Pacer(speakers).start();
    await sleep(quick ? 3000 : 10_000);
    const from = performance.now();
    pacer.resetLateness();
    const cpu = watchCpu(server.pids);
    await sleep(measureMs);
    const shares = cpu();
    const late = pacer.latenessMs();
    const to = performance.now();
    await hushAll(speakers);
    pacer.stop();
    const heard = speakers
      .flatMap((speaker) => [...speaker.utterances.values()])
      .filter(({ startDecidedAt }) => startDecidedAt >= from && startDecidedAt < to);
    const lags = heard.map(({ startAt, startDecidedAt }) => startAt - startDecidedAt);
    const ends = heard.flatMap(({ endAt, endDecidedAt }) => (endAt === undefined ? [] : [endAt - endDecidedAt]));
    const finals = heardBy(speakers).filter(({ endDecidedAt }) => endDecidedAt >= from && endDecidedAt < to);
    const p99 = percentile(lags, 99);
    const lost = speakers.filter(({ failure }) => failure !== undefined).length;
    rows.push([
      n,
      lags.length,
      round(percentile(lags, 50), 1),
      round(p99, 1),
      round(percentile(ends, 99), 1),
      round(
        percentile(
          finals.map(({ finalAt, endDecidedAt }) => finalAt - endDecidedAt),
          95,
        ),
      ),
      lost,
      round(100 * shares.server),
      round(100 * shares.inference),
      round(100 * shares.bench),
      round(late, 1),
    ]);
    process.stderr.write(`  ${n} sessions: lag p99 ${round(p99)} ms\n`);
    if (p99 > LIMIT_MS || lost > 0) break;
    carried = n;
  }
  for (const speaker of speakers) speaker.close();
  await server.close();
  return {
    title: "Connected, mostly silent sessions",
    tables: [
      {
        columns: [
          "sessions",
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
    goals: [{ what: `sessions with a lag (p99) under ${LIMIT_MS} ms`, value: carried, atLeast: 1000 }],
    notes: [
      `Every session sends 31 frames of 32 ms a second: room noise at -60 dB, and ${100 * SPEAKING} % of the time a sentence, with live text and finals.`,
      "Lag is from sending the second frame of speech, which makes an utterance by the rules of the segmenter, to the arrival of `speech_start`: generator, network, queue, gate and Silero. At the end is the same for the frame that completes the silence and `speech_end`.",
      "The load generator shares the cores with the server; where it is late itself, the lag includes that.",
    ],
  };
}

async function listener(port, i) {
  const random = randomFrom(i);
  const language = i % 2 ? "ru" : "en";
  const talk = shuffled(sentences[language], random).flatMap((part) => [part, pause(PAUSE_MS * (0.5 + random()))]);
  return Speaker.open(port, { playlist: [pause(PAUSE_MS * random()), ...talk], language });
}
