/** The bundled recordings as the benches play them: 16 kHz, 16 bit, whole frames, in a quiet room instead of digital silence. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { randomFrom, shuffled } from "./stats.mjs";

export const SAMPLE_RATE = 16_000;
/** One audio message, as a microphone gives it and Silero takes it. */
export const FRAME_SAMPLES = 512;
export const FRAME_BYTES = 2 * FRAME_SAMPLES;
export const FRAME_MS = (1000 * FRAME_SAMPLES) / SAMPLE_RATE;

const folder = new URL("../../samples/", import.meta.url);
const transcripts = JSON.parse(readFileSync(new URL("transcripts.json", folder), "utf8"));

/** White noise at -60 dB of full scale. */
const ROOM_AMPLITUDE = 0.0017 * 32768;
const room = noise(randomFrom(1), 256 * FRAME_SAMPLES);

function noise(random, samples) {
  const pcm = Buffer.alloc(2 * samples);
  for (let i = 0; i < samples; i++) pcm.writeInt16LE(Math.round((2 * random() - 1) * ROOM_AMPLITUDE), 2 * i);
  return pcm;
}

/**
 * @typedef {object} Part what one stretch of a playlist plays
 * @property {Buffer} pcm repeated when it is shorter than the part
 * @property {number} frames
 * @property {object} [recording] undefined for a pause
 */

/** Room noise as a part. */
export const pause = (ms) => ({ pcm: room, frames: Math.round(ms / FRAME_MS) });

function load(name) {
  const path = fileURLToPath(new URL(name, folder));
  const { text, lang, seconds, sentences } = transcripts[name];
  // All of samples/ is 16 kHz mono 16 bit behind a header of 44 bytes.
  return {
    name: name.replace(".wav", ""),
    path,
    text,
    language: lang,
    seconds,
    sentences,
    speech: readFileSync(path).subarray(44),
  };
}

/** Mixes a recording into the room, up to whole frames. */
export function inRoom(speech) {
  const frames = Math.ceil(speech.length / FRAME_BYTES);
  const pcm = Buffer.alloc(frames * FRAME_BYTES);
  for (let at = 0; at < pcm.length; at += 2) {
    const sample = (at < speech.length ? speech.readInt16LE(at) : 0) + room.readInt16LE(at % room.length);
    pcm.writeInt16LE(Math.max(-32768, Math.min(32767, sample)), at);
  }
  return { pcm, frames };
}

const toPart = (recording) => ({ ...inRoom(recording.speech), recording });
const names = Object.keys(transcripts);
const partsOf = (pattern) => names.filter((name) => pattern.test(name)).map((name) => toPart(load(name)));

/** One sentence each, 2 to 4 s. */
export const sentences = { en: partsOf(/^en_\d+\.wav$/), ru: partsOf(/^ru_\d+\.wav$/) };
/** Many sentences with pauses of 1 to 2 s and known cut times. */
export const paragraphs = partsOf(/paragraph/);

/** Sentences spoken without a pause that would end the utterance. */
export function joined(parts) {
  const silence = Buffer.alloc(Math.round(0.15 * SAMPLE_RATE) * 2);
  const speech = Buffer.concat(parts.flatMap(({ recording }) => [recording.speech, silence]));
  const text = parts.map(({ recording }) => recording.text).join(" ");
  const { language } = parts[0].recording;
  return toPart({ name: "joined", text, language, seconds: speech.length / 2 / SAMPLE_RATE, speech });
}

/**
 * Somebody who talks with natural pauses of 1 to 2 s: every sentence of the language, in an order of his own.
 *
 * @returns {Part[]}
 */
export function conversation(language, seed, pauseMs = () => undefined) {
  const random = randomFrom(seed);
  return shuffled(sentences[language], random).flatMap((part) => [
    pause(pauseMs(random) ?? 1000 + 1000 * random()),
    part,
  ]);
}

/** Samples in [-1, 1) of a stretch of a recording, seconds. */
export function samplesOf({ speech }, from = 0, to = speech.length / 2 / SAMPLE_RATE) {
  const first = Math.max(0, Math.round(from * SAMPLE_RATE));
  const last = Math.min(speech.length / 2, Math.round(to * SAMPLE_RATE));
  return Float32Array.from({ length: last - first }, (_, i) => speech.readInt16LE(2 * (first + i)) / 32768);
}
