/** Recordings of people with a pause put in, and what the voice detector and the end-of-turn model make of them. */
import { ENGINE_SAMPLE_RATE, MonoResampler, UtteranceTracker, VAD_FRAME_SAMPLES } from "@stt/core";
import { readSamples } from "../human/recordings-of-people.mjs";
import { randomFrom } from "../stats.mjs";

const FRAME_MS = (1000 * VAD_FRAME_SAMPLES) / ENGINE_SAMPLE_RATE;
/** Room noise under everything, in decibels of full scale: telephone prompts are cut out of digital silence. */
const ROOM_DB = -58;
/** Silence before a recording, and behind it for as long as any question takes. */
const BEFORE_MS = 1000;
const AFTER_MS = 640;
/** Where a speaker is stopped: at his longest pause of at least this ... */
const PAUSE_MS = 160;
/** ... else at the quietest place of this part of the recording. */
const [FROM, TO] = [0.35, 0.75];
const QUIET_MS = 60;

/** @returns {Float32Array} a recording as a session hears it: 16 kHz, through the high-pass */
export function heardSamples(file) {
  const pcm = readSamples(file);
  const samples = Float32Array.from({ length: pcm.length / 2 }, (_, i) => pcm.readInt16LE(2 * i) / 32_768);
  const resampler = new MonoResampler(1, ENGINE_SAMPLE_RATE, ENGINE_SAMPLE_RATE);
  return Float32Array.from(resampler.process([samples]));
}

/** Pink noise (Kellet's filter), the same in every run. */
export function roomNoise(length, random = randomFrom(7)) {
  const b = [0, 0, 0];
  const noise = Float32Array.from({ length }, () => {
    const white = random() * 2 - 1;
    b[0] = 0.99765 * b[0] + white * 0.099046;
    b[1] = 0.963 * b[1] + white * 0.2965164;
    b[2] = 0.57 * b[2] + white * 1.0526913;
    return b[0] + b[1] + b[2] + white * 0.1848;
  });
  const rms = Math.sqrt(noise.reduce((total, x) => total + x * x, 0) / Math.max(1, length));
  return noise.map((x) => (x / rms) * 10 ** (ROOM_DB / 20));
}

/** Between two stretches of silence in a room. */
export function inRoom(samples) {
  const at = (BEFORE_MS * ENGINE_SAMPLE_RATE) / 1000;
  const room = roomNoise(at + samples.length + (AFTER_MS * ENGINE_SAMPLE_RATE) / 1000);
  for (let i = 0; i < samples.length; i++) room[at + i] += samples[i];
  return room;
}

/**
 * Runs the tracker over a detector's probabilities.
 *
 * @returns {{ silences: { atSample: number, sample: number, startSample: number, speechMs: number }[] }} each silence that was counted:
 * where it began, where that was noticed, where its utterance begins, and the speech so far
 */
export function countSilences(probabilities, options) {
  const tracker = new UtteranceTracker({ ...options, silenceMs: 10_000, minUtteranceMs: 0 });
  const silences = [];
  let startSample = 0;
  for (const probability of probabilities) {
    for (const event of tracker.push(probability, 0.01)) {
      if (event.type === "speech_start") startSample = event.startSample;
      if (event.type !== "silence_start") continue;
      const speechMs = (1000 * tracker.spoken().speechSamples) / ENGINE_SAMPLE_RATE;
      silences.push({ atSample: event.atSample, sample: tracker.sample, startSample, speechMs });
    }
  }
  return silences;
}

/**
 * Where to stop a speaker in mid-turn.
 *
 * @param {Float32Array} samples of the recording
 * @param {number[]} probabilities of its frames, from its first sample on
 * @returns {{ sample: number, kind: "pause" | "phrase" } | undefined} undefined for what is too short
 */
export function stoppingPlace(samples, probabilities) {
  const pause = longestPause(probabilities);
  if (pause && pause.ms >= PAUSE_MS) return { sample: pause.from * VAD_FRAME_SAMPLES, kind: "pause" };
  if (samples.length < ENGINE_SAMPLE_RATE * 1.5) return undefined;
  const window = (QUIET_MS * ENGINE_SAMPLE_RATE) / 1000;
  let best;
  for (let at = Math.floor(FROM * samples.length); at + window < TO * samples.length; at += 160) {
    let energy = 0;
    for (let i = at; i < at + window; i++) energy += samples[i] ** 2;
    if (!best || energy < best.energy) best = { energy, at };
  }
  return best && { sample: best.at + window / 2, kind: "phrase" };
}

function longestPause(probabilities) {
  const spoken = probabilities.map((p) => p >= 0.5);
  const last = spoken.lastIndexOf(true);
  let best;
  let from = spoken.indexOf(true);
  for (let i = from; i <= last; i++) {
    if (!spoken[i]) continue;
    const ms = (i - from - 1) * FRAME_MS;
    if (i > from && ms > (best?.ms ?? 0)) best = { from: from + 1, ms };
    from = i;
  }
  return best;
}
