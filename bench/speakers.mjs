/** How many people may speak at the same time so that their finals come within a second, here and on whisper.cpp's own server. */

import { Pacer } from "./lib/pacer.mjs";
import { heardBy, hushAll } from "./lib/play.mjs";
import { watchCpu } from "./lib/processes.mjs";
import { conversation, FRAME_MS } from "./lib/recordings.mjs";
import { largest } from "./lib/search.mjs";
import { SILENCE_MS, Speaker } from "./lib/speaker.mjs";
import { percentile, randomFrom, round, sleep } from "./lib/stats.mjs";
import { startSttServer } from "./lib/stt-server.mjs";
import { post, requestOf, startWhisperServer } from "./lib/whisper-cpp.mjs";

const LIMIT_MS = 1000;
const THREADS = 2;

export async function run({ quick }) {
  const times = quick ? { warmUpMs: 2000, measureMs: 6000 } : { warmUpMs: 6000, measureMs: 20_000 };
  const search = { from: 8, most: 1024, tolerance: quick ? 0.5 : 0.08 };
  const candidates = [
    ["stt-server, live text and finals", ours({}, times)],
    [
      "stt-server, live text and finals, one lane with all threads",
      ours({ INFERENCE_LANES: "1", WHISPER_THREADS: `${THREADS}` }, times),
    ],
    ["whisper-server as it comes (full window)", theirs({ window: () => undefined }, times)],
    ["whisper-server, the window fitted to each utterance", theirs({ window: fitted }, times)],
    ["the same, with our OpenMP setting", theirs({ window: fitted, env: { GOMP_SPINCOUNT: "1000" } }, times)],
  ].slice(0, quick ? 4 : undefined);
  const rows = [];
  const best = { ours: 0, stock: 0, fitted: 0 };
  for (const [name, open] of candidates) {
    const server = await open();
    const probes = new Map();
    const most = await largest(async (n) => {
      const result = await server.probe(n);
      probes.set(n, result);
      const p95 = percentile(result.delays, 95);
      process.stderr.write(
        `  ${name}: ${n} speakers, p95 ${round(p95)} ms${result.missing ? `, ${result.missing} finals missing` : ""}\n`,
      );
      return p95 <= LIMIT_MS;
    }, search);
    await server.close();
    const at = probes.get(most);
    if (name.startsWith("stt-server, live")) best.ours = Math.max(best.ours, most);
    else if (name.includes("as it comes")) best.stock = most;
    else if (!name.startsWith("stt-server")) best.fitted = Math.max(best.fitted, most);
    rows.push([
      name,
      most,
      at ? round(percentile(at.delays, 50)) : "–",
      at ? round(percentile(at.delays, 95)) : "–",
      at ? round(at.delays.length / (times.measureMs / 1000), 1) : "–",
      at ? round(100 * at.cpu.server) : "–",
      at ? round(100 * (at.cpu.inference ?? 0)) : "–",
      at ? round(100 * at.cpu.bench) : "–",
    ]);
  }
  return {
    title: "Concurrent speakers",
    tables: [
      {
        columns: [
          "",
          "speakers",
          "p50, ms",
          "p95, ms",
          "finals a second",
          "server, % of a core",
          "inference",
          "generator",
        ],
        rows,
      },
    ],
    goals: [
      {
        what: "speakers against whisper-server as it comes",
        value: round(best.ours / best.stock, 1),
        atLeast: 3,
        unit: "x",
      },
      {
        what: "speakers against whisper-server with the window fitted",
        value: round(best.ours / best.fitted, 1),
        atLeast: 3,
        unit: "x",
      },
    ],
    notes: [
      `The most sessions whose p95 from endpoint to final stays under ${LIMIT_MS} ms; each speaks sentences of 2 to 4 s with pauses of 1 to 2 s, at the pace of speech. A final that did not come counts as endless.`,
      `whisper-server is given each utterance as a finished WAV at the moment its end is decided (${SILENCE_MS} ms of silence): it receives no stream, judges no voice and gives no live text, which is in its favour.`,
      `All greedy, ${THREADS} threads, language given. The load generator runs on the same cores; its share is in the last column.`,
    ],
  };
}

/** The smallest encoder window that our engine would choose for the utterance. */
function fitted({ seconds }) {
  return [256, 512, 768, 1024].find((size) => size >= Math.ceil(seconds * 50) + 128);
}

const playlistOf = (i) => conversation(i % 2 ? "ru" : "en", i);

function ours(settings, { warmUpMs, measureMs }) {
  return async () => {
    const server = await startSttServer(settings);
    const probe = async (n) => {
      const speakers = [];
      for (let i = 0; i < n; i++) {
        const language = i % 2 ? "ru" : "en";
        speakers.push(await Speaker.open(server.port, { playlist: spread(playlistOf(i), i), language }));
      }
      const pacer = new Pacer(speakers).start();
      await sleep(warmUpMs);
      const from = performance.now();
      const cpu = watchCpu(server.pids);
      await sleep(measureMs);
      const to = performance.now();
      const shares = cpu();
      await hushAll(speakers);
      pacer.stop();
      const missing = speakers.reduce((total, speaker) => total + Math.max(0, speaker.spoken - speaker.finals), 0);
      const delays = heardBy(speakers)
        .filter(({ endDecidedAt }) => endDecidedAt >= from && endDecidedAt < to)
        .map(({ finalAt, endDecidedAt }) => finalAt - endDecidedAt);
      for (const speaker of speakers) speaker.close();
      await sleep(500);
      return { delays: [...delays, ...Array(missing).fill(Number.POSITIVE_INFINITY)], missing, cpu: shares };
    };
    return { probe, close: server.close };
  };
}

function theirs({ window, env }, { warmUpMs, measureMs }) {
  return async () => {
    const server = await startWhisperServer({ threads: THREADS, env });
    const bodies = new Map();
    const bodyOf = (recording) => {
      if (!bodies.has(recording)) bodies.set(recording, requestOf(recording, window(recording)));
      return bodies.get(recording);
    };
    const probe = async (n) => {
      const begin = performance.now();
      const [from, to] = [begin + warmUpMs, begin + warmUpMs + measureMs];
      const waiting = [];
      const delays = [];
      const speak = async (i) => {
        let due = begin;
        for (const playlist = spread(playlistOf(i), i); ; ) {
          for (const { frames, recording } of playlist) {
            due += frames * FRAME_MS;
            if (due >= to) return;
            if (!recording) continue;
            const endpoint = due + SILENCE_MS;
            await sleep(endpoint - performance.now());
            const at = performance.now();
            const answer = post(server.port, bodyOf(recording)).catch(() => Number.POSITIVE_INFINITY);
            if (at >= from && at < to) waiting.push(answer.then((ms) => delays.push(ms)));
          }
        }
      };
      const speaking = Array.from({ length: n }, (_, i) => speak(i));
      await sleep(from - performance.now());
      const cpu = watchCpu({ server: server.pid, bench: process.pid });
      await sleep(to - performance.now());
      const shares = cpu();
      await Promise.all(speaking);
      await Promise.all(waiting);
      return { delays, missing: 0, cpu: shares };
    };
    return { probe, close: server.close };
  };
}

/** The playlist begun somewhere else by each speaker, or all would fall silent together. */
function spread(playlist, i) {
  const first = playlist[0];
  return [{ ...first, frames: Math.round(first.frames * 3 * randomFrom(i)()) + 1 }, ...playlist.slice(1)];
}
