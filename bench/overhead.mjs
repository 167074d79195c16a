/** What our engine adds to whisper.cpp's own time for the same final. */
import { MODEL, openEngine } from "./lib/engine.mjs";
import { samplesOf, sentences } from "./lib/recordings.mjs";
import { median, round, sum } from "./lib/stats.mjs";
import { whisperCliTimes } from "./lib/whisper-cpp.mjs";

/** The engine keeps OpenMP's threads from spinning for long; so that the comparison is of the engine, the tool gets the same. */
const SAME_SPINNING = { GOMP_SPINCOUNT: "1000" };
const PASSES = 3;
/** Encoder window, threads, rounds. These sentences get a window of 256 or 512 by themselves. */
const CASES = [
  [256, 2, 15],
  [256, 1, 15],
  [512, 2, 10],
  [1500, 2, 6],
];

export async function run({ quick }) {
  const recordings = sentences.en.slice(0, quick ? 6 : 12).map(({ recording }) => recording);
  const rows = [];
  let worst = 0;
  for (const [audioContext, threads, rounds] of quick ? CASES.slice(0, 2).map(([c, t]) => [c, t, 3]) : CASES) {
    const figures = await compare(recordings, { audioContext, threads, rounds });
    const { overhead } = figures;
    worst = Math.max(worst, overhead);
    rows.push([
      `window ${audioContext}, ${threads} thread${threads > 1 ? "s" : ""}`,
      round(figures.ours, 1),
      round(figures.theirs, 1),
      round(overhead, 1),
      round(figures.stages, 1),
      round(figures.aroundDecoder, 2),
    ]);
  }
  return {
    title: "Overhead of a final against whisper.cpp",
    tables: [
      {
        columns: [
          "",
          "ours, ms a final",
          "whisper-cli, ms a file",
          "overhead, %",
          "its stages alone, ms",
          "our processes around the decoder, ms",
        ],
        rows,
      },
    ],
    goals: [{ what: "overhead of the compute of a final", value: round(worst, 1), atMost: 3, unit: "%" }],
    notes: [
      `${recordings.length} English sentences, model ${MODEL.split("/").at(-1)}, greedy (-bs 1 -bo 1 -nf), flash attention, language given, the same encoder window, one build of whisper.cpp.`,
      "Ours is the wall time of `transcribe()`, audio to the inference process and text back included.",
      "whisper-cli's is what each further pass over the files adds to the total time it prints: reading the file and printing the text are in it, loading is not.",
      "Rounds of both are interleaved; medians, and the overhead is the median of the rounds' ratios, since the machine's own pace drifts. Neither side's first pass after a rest counts. The last column is our wall time less the time inside the inference process's decoder call.",
    ],
  };
}

async function compare(recordings, { audioContext, threads, rounds }) {
  const audio = recordings.map((recording) => samplesOf(recording));
  const files = recordings.map(({ path }) => path);
  const settings = { threads, audioContext, language: "en", env: SAME_SPINNING };
  const engine = await openEngine({ threads });
  const options = {
    language: "en",
    audioContext: audioContext === 1500 ? "full" : audioContext,
    temperatureFallback: false,
  };
  const [ours, around, theirs, stages, ratios] = [[], [], [], [], []];
  const pass = async () => {
    const begin = performance.now();
    let inside = 0;
    for (const samples of audio) inside += (await engine.transcribe(samples, options)).computeMs;
    const wall = performance.now() - begin;
    return [wall / audio.length, (wall - inside) / audio.length];
  };
  for (let i = 0; i < rounds; i++) {
    const once = await whisperCliTimes(files, settings);
    // As with the tool, the first pass after a rest is not counted: caches are cold and cores asleep.
    await pass();
    const passes = [];
    for (let j = 0; j < PASSES; j++) passes.push(await pass());
    const more = await whisperCliTimes(Array.from({ length: 1 + PASSES }, () => files).flat(), settings);
    const walls = passes.map(([wall]) => wall);
    const their = (more.totalMs - once.totalMs) / PASSES / files.length;
    ours.push(...walls);
    around.push(...passes.map(([, outside]) => outside));
    theirs.push(their);
    stages.push((more.stagesMs - once.stagesMs) / PASSES / files.length);
    ratios.push(sum(walls) / PASSES / their);
  }
  await engine.close();
  return {
    ours: median(ours),
    theirs: median(theirs),
    stages: median(stages),
    aroundDecoder: median(around),
    overhead: 100 * (median(ratios) - 1),
  };
}
