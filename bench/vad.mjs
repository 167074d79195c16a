/** Voice activity detection by itself: cost by batch size, memory of a stream, lag with a thousand streams, one that floods. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { importSource } from "./lib/engine.mjs";
import { FRAME_MS, FRAME_SAMPLES, paragraphs, samplesOf } from "./lib/recordings.mjs";
import { percentile, randomFrom, round, sleep } from "./lib/stats.mjs";

const random = randomFrom(1);
/** A quiet room: white noise at -60 dB. */
const room = Array.from({ length: 64 }, () =>
  Float32Array.from({ length: FRAME_SAMPLES }, () => (random() * 2 - 1) * 0.0017),
);
const recorded = samplesOf(paragraphs[0].recording);
const speech = Array.from({ length: Math.floor(recorded.length / FRAME_SAMPLES) }, (_, f) =>
  recorded.slice(f * FRAME_SAMPLES, (f + 1) * FRAME_SAMPLES),
);

export async function run({ quick }) {
  const { createVad } = await importSource("vad/create-vad.ts");
  const seconds = quick ? 4 : 15;
  return {
    title: "Voice detection by itself",
    tables: [
      await batches(createVad),
      await memory(createVad),
      {
        columns: [
          "streams",
          "speaking, %",
          "gate",
          "frames a second",
          "judged by Silero, %",
          "frames a batch",
          "lag p50, ms",
          "lag p99, ms",
          "cores used",
          "event loop p99, ms",
        ],
        rows: [
          await realtime(createVad, { streams: 1000, speaking: 0.2, gate: "webrtc", seconds }),
          await realtime(createVad, { streams: 400, speaking: 1, gate: "off", seconds }),
        ],
      },
      await flood(createVad, quick ? 1000 : 4000),
    ],
    notes: [
      "Without server and sockets: frames are pushed at the pace of speech, spread over the 32 ms as clients are; the cores used include this generator.",
      "Pin it to one core with `taskset -c 0` to see what one core carries.",
    ],
  };
}

async function batches(createVad) {
  const rows = [];
  for (const streams of [1, 2, 4, 8, 16, 32, 64, 128]) {
    const inference = [];
    const vad = await createVad({
      gate: "off",
      maxBatch: streams,
      onBatch: (batch) => batch.frames === streams && inference.push(batch.inferenceMs),
    });
    const rounds = Math.max(40, Math.floor(1000 / streams));
    let left = streams * rounds;
    await new Promise((resolve) => {
      const listener = { onProbability: () => --left === 0 && resolve(), onError() {} };
      const open = Array.from({ length: streams }, () => vad.createStream(listener));
      for (let r = 0; r < rounds; r++) for (const stream of open) stream.push(speech[r % speech.length]);
    });
    await vad.close();
    const ms = percentile(inference, 50);
    rows.push([streams, round(ms, 2), round(ms / streams, 3)]);
  }
  return { columns: ["frames in a batch", "ms a batch", "ms a frame"], rows };
}

async function memory(createVad) {
  const vad = await createVad();
  const streams = 2000;
  const before = process.memoryUsage().rss;
  const open = Array.from({ length: streams }, () => vad.createStream({ onProbability() {}, onError() {} }));
  // Every stream has heard speech once (its slot in the slab is used) and is now idle in a quiet room.
  for (const frame of [...speech.slice(40, 50), ...room.slice(0, 20)]) {
    for (const stream of open) stream.push(frame);
    while (vad.backlog > 0) await sleep(1);
  }
  const perStream = (process.memoryUsage().rss - before) / streams;
  await vad.close();
  return { columns: ["idle streams", "kB a stream"], rows: [[streams, round(perStream / 1000, 1)]] };
}

async function realtime(createVad, { streams, speaking, seconds, gate }) {
  let judged = 0;
  let batchCount = 0;
  const vad = await createVad({
    gate,
    onBatch(batch) {
      judged += batch.frames;
      batchCount++;
    },
  });
  const lags = [];
  const sessions = Array.from({ length: streams }, (_, i) => {
    const pushedAt = [];
    const stream = vad.createStream({
      onProbability: () => lags.push(performance.now() - pushedAt.shift()),
      onError: (error) => {
        throw error;
      },
    });
    // Turns of speech and silence, each session at another place in its turn.
    return { pushedAt, at: i * 37, stream };
  });
  const period = Math.round(speech.length / speaking);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const frames = Math.round((seconds * 1000) / FRAME_MS);
  const begin = performance.now();
  let cpu = process.cpuUsage();
  let warm = false;
  for (let tick = 0; tick < frames * 16; tick++) {
    const wait = begin + (tick * FRAME_MS) / 16 - performance.now();
    if (wait > 0) await sleep(wait);
    if (!warm && tick > 32 * 16) {
      warm = true;
      lags.length = judged = batchCount = 0;
      loop.enable();
      cpu = process.cpuUsage();
    }
    for (let i = tick % 16; i < streams; i += 16) {
      const session = sessions[i];
      const place = session.at++ % period;
      session.pushedAt.push(performance.now());
      session.stream.push(place < speech.length ? speech[place] : room[place % room.length]);
    }
  }
  const measuredMs = performance.now() - begin - 32 * FRAME_MS;
  const used = process.cpuUsage(cpu);
  loop.disable();
  await vad.close();
  return [
    streams,
    100 * speaking,
    gate,
    round((lags.length / measuredMs) * 1000),
    round((100 * judged) / lags.length, 1),
    round(judged / batchCount, 1),
    round(percentile(lags, 50), 1),
    round(percentile(lags, 99), 1),
    round((used.user + used.system) / 1000 / measuredMs, 2),
    round(loop.percentile(99) / 1e6, 1),
  ];
}

/** One stream as fast as it goes, alone and beside a hundred at the pace of speech that all speak. */
async function flood(createVad, total) {
  const rows = [];
  for (const others of [0, 100]) {
    const vad = await createVad({ gate: "off" });
    const lags = [];
    const open = Array.from({ length: others }, () => {
      const session = { pushedAt: 0 };
      session.stream = vad.createStream({
        onProbability: () => lags.push(performance.now() - session.pushedAt),
        onError() {},
      });
      return session;
    });
    let place = 0;
    const timer = setInterval(() => {
      place++;
      for (const session of open) {
        session.pushedAt = performance.now();
        session.stream.push(speech[place % speech.length]);
      }
    }, FRAME_MS);
    const begin = performance.now();
    await new Promise((resolve) => {
      let sent = 0;
      let heard = 0;
      const stream = vad.createStream({
        onProbability() {
          if (++heard === total) resolve();
          else if (sent < total) stream.push(speech[sent++ % speech.length]);
        },
        onError() {},
      });
      while (sent < 64) stream.push(speech[sent++]);
    });
    const speed = (total * FRAME_MS) / (performance.now() - begin);
    clearInterval(timer);
    await vad.close();
    rows.push([others, round(speed), round(percentile(lags, 50), 1), round(percentile(lags, 99), 1)]);
  }
  return {
    columns: ["others, all speaking", "one floods at, x real time", "lag of the others p50, ms", "lag p99, ms"],
    rows,
  };
}
