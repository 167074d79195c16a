/** What models of Whisper's real sizes cost on this machine: load, memory, live text, finals. The weights are untrained. */
import os from "node:os";
import { openEngine } from "./lib/engine.mjs";
import { samplesOf, sentences } from "./lib/recordings.mjs";
import { megabytes, SHAPES, shapedModel, TOKENS } from "./lib/shaped-model.mjs";
import { median, round } from "./lib/stats.mjs";
import { whisperCliTimes } from "./lib/whisper-cpp.mjs";

const PARTIAL_SAMPLES = 2 * 16_000;
/** Of the lanes' time; the scheduler keeps the rest for live text. */
const SHARE_OF_FINALS = 0.7;
const ON_A_CPU = ["tiny", "base", "small", "medium"];

/** Kinds of decodes, as the server asks for them. */
const KINDS = {
  partial: { language: "ru" },
  final: { language: "ru" },
  beams: { language: "ru", beamSize: 5 },
  full: { language: "ru", audioContext: "full" },
};

export async function run({ quick }) {
  const device = process.env.DEVICE ?? "cpu";
  const names = quick ? ["tiny", "base"] : device === "cpu" ? ON_A_CPU : Object.keys(SHAPES);
  const longest = sentences.ru.map(({ recording }) => recording).sort((a, b) => b.seconds - a.seconds)[0];
  const rows = [];
  let used = device;
  for (const name of names) {
    const figures = await measure(name, longest, { device, rounds: quick ? 2 : 5 });
    used = figures.device;
    rows.push([
      name,
      round(figures.fileMiB),
      round(figures.memoryMiB),
      round(figures.loadMs),
      round(figures.partial),
      round(figures.final),
      round(figures.beams),
      round(figures.full),
      round(figures.theirs),
      round(figures.theirs / figures.final, 1),
      round((SHARE_OF_FINALS * 1000 * longest.seconds) / figures.final, 1),
    ]);
  }
  return {
    title: "Models of Whisper's sizes",
    tables: [
      {
        columns: [
          "shape, f16",
          "file, MiB",
          used === "cuda" ? "GPU memory, MiB" : "memory, MiB",
          "load, ms",
          "live text of 2 s, ms",
          "final, ms",
          "final with 5 beams, ms",
          "final in a window of 30 s, ms",
          "whisper-cli, ms",
          "whisper-cli : final",
          "speakers, calculated",
        ],
        rows,
      },
    ],
    notes: [
      `Untrained weights in the shapes of OpenAI's models, so that time and memory are theirs and the text is not: every decode gives the same ${TOKENS} tokens. Device: ${used}.`,
      `The final is of ${round(longest.seconds, 1)} s of speech, greedy, in the encoder window that our engine fits to it, with all cores in one lane; medians of \`transcribe()\`, the inference process included.`,
      "whisper-cli decodes the same file with the same model greedily in its window of 30 s, the sum of its stages without loading; the programs take turns.",
      `Speakers: ${100 * SHARE_OF_FINALS} % of the time over the time of a final, for people who speak without a break, when live text comes from a smaller model. Memory is that of the inference process less what it has with the built-in model.`,
    ],
  };
}

async function measure(name, recording, { device, rounds }) {
  const model = await shapedModel(name);
  const before = await memoryOf(await openEngine({ device }));
  const begin = performance.now();
  const engine = await openEngine({ modelPath: model, modelName: name, device });
  const loadMs = performance.now() - begin;
  const whole = samplesOf(recording);
  const times = { partial: [], final: [], beams: [], full: [] };
  const theirs = [];
  const { actualDevice } = engine.info;
  let memory;
  try {
    for (let i = 0; i <= rounds; i++) {
      for (const [kind, options] of Object.entries(KINDS)) {
        const audio = kind === "partial" ? whole.subarray(0, PARTIAL_SAMPLES) : whole;
        const from = performance.now();
        const { segments } = await engine.transcribe(audio, { ...options, temperatureFallback: false });
        const tokens = segments.reduce((sum, { tokenCount }) => sum + tokenCount, 0);
        if (tokens !== TOKENS) throw new Error(`${name}: ${tokens} tokens instead of ${TOKENS}`);
        // The first round warms up.
        if (i > 0) times[kind].push(performance.now() - from);
      }
      if (i > 0 && actualDevice === "cpu") {
        const settings = { model, threads: os.availableParallelism(), audioContext: 1500, language: "ru" };
        theirs.push((await whisperCliTimes([recording.path], settings)).stagesMs);
      }
    }
    memory = await engine.memory();
  } finally {
    await engine.close();
  }
  const medians = Object.fromEntries(Object.entries(times).map(([kind, values]) => [kind, median(values)]));
  return {
    ...medians,
    theirs: median(theirs),
    loadMs,
    fileMiB: await megabytes(model),
    memoryMiB: (bytesOf(memory, actualDevice) - bytesOf(before, actualDevice)) / 2 ** 20,
    device: actualDevice,
  };
}

async function memoryOf(engine) {
  const memory = await engine.memory();
  await engine.close();
  return memory;
}

function bytesOf({ rssBytes = 0, gpuTotalBytes = 0, gpuFreeBytes = 0 }, device) {
  return device === "cuda" ? gpuTotalBytes - gpuFreeBytes : rssBytes;
}
