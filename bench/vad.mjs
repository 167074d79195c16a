/**
 * Voice activity detection: cost per frame by batch size, memory per idle stream, and lag and processor share with a
 * thousand sessions at real-time pace.
 *
 *   node bench/vad.mjs [batches|memory|realtime|flood] [--json]
 *
 * Pin it to one core with `taskset -c 0` to see what one core carries.
 */
import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));
const FRAME = 512;
const FRAME_MS = 32;

/** Bundles the sources, so that the figures are of this checkout whether or not it was built. */
async function load() {
  const outfile = `${root}packages/server/node_modules/.cache/bench-vad.mjs`;
  await build({
    stdin: {
      contents: 'export * from "./create-vad.js";',
      resolveDir: `${root}packages/server/src/vad`,
    },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "es2022",
    alias: { "@stt/core": process.env.BENCH_CORE ?? `${root}packages/core/src/index.ts` },
    external: ["@echogarden/fvad-wasm", "onnxruntime-node"],
    logLevel: "error",
  });
  return import(pathToFileURL(outfile).href);
}

/** Frames of a file of `samples/`: 16-bit mono 16 kHz behind a 44-byte header. */
function framesOf(name) {
  const file = readFileSync(`${root}samples/${name}`);
  const count = Math.floor((file.length - 44) / 2 / FRAME);
  return Array.from({ length: count }, (_, f) =>
    Float32Array.from({ length: FRAME }, (_, i) => file.readInt16LE(44 + 2 * (f * FRAME + i)) / 32768),
  );
}

/** A quiet room: white noise at -60 dB. */
const room = Array.from({ length: 64 }, () =>
  Float32Array.from({ length: FRAME }, () => (Math.random() * 2 - 1) * 0.0017),
);
const speech = framesOf("en_paragraph_1.wav");
const percentile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? 0;
const round = (value, digits = 3) => Number(value.toFixed(digits));
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const quietListener = { onProbability() {}, onError() {} };

async function batches({ createVad }) {
  const results = [];
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
    inference.sort((a, b) => a - b);
    const median = percentile(inference, 50);
    results.push({ batch: streams, msPerBatch: round(median), msPerFrame: round(median / streams, 4) });
  }
  return results;
}

async function memory({ createVad }) {
  const vad = await createVad();
  const streams = 2000;
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const open = Array.from({ length: streams }, () => vad.createStream(quietListener));
  // Every stream has heard speech once (its slot in the slab is used) and is now idle in a quiet room.
  for (const frame of [...speech.slice(40, 50), ...Array.from({ length: 20 }, (_, i) => room[i])]) {
    for (const stream of open) stream.push(frame);
    while (vad.backlog > 0) await sleep(1);
  }
  globalThis.gc?.();
  const perStream = (process.memoryUsage().rss - before) / streams;
  await vad.close();
  return { streams, kilobytesPerStream: round(perStream / 1000, 1) };
}

async function realtime({ createVad }, { streams = 1000, speaking = 0.2, seconds = 15, gate = "webrtc" } = {}) {
  let judged = 0;
  let batchCount = 0;
  let inferenceMs = 0;
  const vad = await createVad({
    gate,
    onBatch(batch) {
      judged += batch.frames;
      batchCount++;
      inferenceMs += batch.inferenceMs;
    },
  });
  const lags = [];
  const sessions = Array.from({ length: streams }, (_, i) => {
    const pushedAt = [];
    return {
      pushedAt,
      // Turns of speech and silence, each session at another place in its turn.
      at: i * 37,
      stream: vad.createStream({
        onProbability: () => lags.push(performance.now() - pushedAt.shift()),
        onError: (error) => {
          throw error;
        },
      }),
    };
  });
  const period = Math.round(speech.length / speaking);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  const frames = Math.round((seconds * 1000) / FRAME_MS);
  const begin = performance.now();
  let cpu = process.cpuUsage();
  let warm = false;
  // Sessions are spread over the 32 ms in 16 phases, as clients are.
  for (let tick = 0; tick < frames * 16; tick++) {
    const due = begin + (tick * FRAME_MS) / 16;
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait);
    if (!warm && tick > 32 * 16) {
      warm = true;
      lags.length = 0;
      judged = batchCount = inferenceMs = 0;
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
  lags.sort((a, b) => a - b);
  return {
    gate,
    streams,
    speaking,
    framesPerSecond: Math.round((lags.length / measuredMs) * 1000),
    shareJudgedBySilero: round(judged / lags.length),
    framesPerBatch: round(judged / batchCount, 1),
    lagMs: { p50: round(percentile(lags, 50), 2), p99: round(percentile(lags, 99), 1), max: round(lags.at(-1), 1) },
    coresUsed: round((used.user + used.system) / 1000 / measuredMs),
    inferenceShareOfItsThread: round(inferenceMs / measuredMs),
    eventLoopDelayMs: { p50: round(loop.percentile(50) / 1e6, 1), p99: round(loop.percentile(99) / 1e6, 1) },
  };
}

/** One stream as fast as it goes, alone and beside a hundred at real-time pace that all speak. */
async function flood({ createVad }) {
  const results = [];
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
    const total = 4000;
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
    const elapsed = performance.now() - begin;
    clearInterval(timer);
    await vad.close();
    lags.sort((a, b) => a - b);
    results.push({
      others,
      floodTimesRealTime: round((total * FRAME_MS) / elapsed, 1),
      othersLagMs: others && { p50: round(percentile(lags, 50), 2), p99: round(percentile(lags, 99), 1) },
    });
  }
  return results;
}

const benches = {
  batches,
  memory,
  flood,
  realtime: async (vad) => [await realtime(vad), await realtime(vad, { gate: "off", streams: 400, speaking: 1 })],
};
const args = process.argv.slice(2);
const wanted = args.filter((arg) => !arg.startsWith("-"));
const vad = await load();
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const result = await bench(vad);
  if (args.includes("--json")) console.log(JSON.stringify({ bench: `vad/${name}`, result }));
  else console.log(`${name}:`, Array.isArray(result) ? result.map((row) => JSON.stringify(row)).join("\n  ") : result);
}
