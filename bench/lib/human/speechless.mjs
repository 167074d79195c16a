/** An hour in which nobody speaks: silence, noises, typing, breath and music, made by sox, and hold music. */
import { existsSync, mkdirSync, renameSync } from "node:fs";
import path from "node:path";
import { runToEnd } from "../processes.mjs";
import { HOLD_MUSIC } from "./debian-packages.mjs";
import { cache } from "./recordings-of-people.mjs";

const RATE = ["-r", "16000", "-c", "1", "-b", "16"];
/** Pieces of hold music in the hour; the others are kept for acceptance, as recordings are. */
const PIECES = ["macroform-cold_day", "macroform-robot_dity", "reno_project-system"];
const KEPT_PIECES = ["macroform-the_simplicity", "manolo_camp-morning_coffee"];

/** What sox is asked for, by name; the length is added. sox's noise is the same in every run. */
const made = {
  silence: [["trim", "0", "1"]],
  "room, -60 dB": [["synth", "whitenoise", "gain", "-50"]],
  "white noise, -34 dB": [["synth", "whitenoise", "gain", "-24"]],
  "pink noise": [["synth", "pinknoise", "gain", "-14"]],
  "hum of the mains": [["synth", "sine", "50", "synth", "sine", "mix", "150", "gain", "-18"]],
  fan: [["synth", "brownnoise", "lowpass", "500", "tremolo", "7", "30", "gain", "-24"]],
  // Strokes of four rhythms over each other; every stroke is 12 ms of noise about the sound of a key.
  keyboard: [0.19, 0.27, 0.41, 0.73].map((gap, i) => [
    ...["synth", "0.012", "whitenoise", "bandpass", `${2200 + 400 * i}`, "1500", "fade", "l", "0.001", "0.012", "0.01"],
    ...["gain", "-n", "-10", "pad", `${(0.05 * i).toFixed(2)}`, `${gap}`, "repeat", "-"],
  ]),
  breath: [
    [
      ...["synth", "1.6", "pinknoise", "highpass", "300", "bandpass", "900", "900", "fade", "h", "0.6", "1.6", "0.9"],
      ...["gain", "-n", "-16", "pad", "0.2", "2.1", "repeat", "-"],
    ],
  ],
  // Broken chords of a plucked string.
  music: ["A2", "E3", "C4", "E4"].map((tone, i) => [
    ...["synth", "2", "pluck", tone, "pad", `${(0.25 * i).toFixed(2)}`, `${(0.75 - 0.25 * i).toFixed(2)}`],
    ...["gain", "-10", "repeat", "-"],
  ]),
};

/**
 * @param {{ seconds: number, kept?: boolean }} options how long each of the kinds lasts; with `kept` only the music that is kept
 * @returns {Promise<import("./recordings-of-people.mjs").HumanRecording[]>}
 */
export async function speechless({ seconds, kept = false }) {
  const recordings = [];
  if (!kept) {
    for (const [kind, tracks] of Object.entries(made)) recordings.push(await synthesise(kind, tracks, seconds));
  }
  for (const piece of kept ? KEPT_PIECES : PIECES) {
    const source = path.join(HOLD_MUSIC, `${piece}.g722`);
    recordings.push(toRecording(`hold music, ${piece.split("-")[1]}`, source, { from: 0, seconds }));
  }
  return recordings;
}

const toRecording = (kind, source, cut) => ({
  name: `speechless/${kind.replace(/[^a-z0-9]+/g, "-")}-${cut.seconds}`,
  set: "speechless",
  kind,
  language: "en",
  text: "",
  kept: false,
  source,
  cut,
});

async function synthesise(kind, tracks, seconds) {
  const folder = path.join(cache, "speechless");
  mkdirSync(folder, { recursive: true });
  const base = path.join(folder, `${kind.replace(/[^a-z0-9]+/g, "-")}-${seconds}`);
  const recording = toRecording(kind, `${base}.wav`, { from: 0, seconds });
  if (existsSync(recording.source)) return recording;
  const files = [];
  for (const [i, effects] of tracks.entries()) {
    const file = `${base}.${i}.wav`;
    await runToEnd("sox", ["-R", "-n", ...RATE, file, ...lasting(effects, seconds), "trim", "0", `${seconds}`]);
    files.push(file);
  }
  const unfinished = `${base}.part.wav`;
  await runToEnd("sox", ["-R", ...(files.length > 1 ? ["-m", ...files] : files), unfinished]);
  renameSync(unfinished, recording.source);
  return recording;
}

/** The length goes behind the first `synth`; where a pattern repeats, it has its own. */
function lasting(effects, seconds) {
  if (effects[0] === "trim") return ["trim", "0", `${seconds}`];
  if (effects.includes("repeat")) return effects;
  return [effects[0], `${seconds}`, ...effects.slice(1)];
}
