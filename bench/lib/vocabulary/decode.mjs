/** Recordings decoded as finals are, offline. What was decoded is kept: it only changes with the weights, the addon and the question. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { nativePaths } from "../../../packages/server/scripts/build-native.mjs";
import { cache, layOut, readSamples } from "../human/recordings-of-people.mjs";

/** Encoder positions of a final, as the server has them. */
const FINAL_AUDIO_CONTEXT = 1024;
/** Recordings between two times that the texts are kept. */
const BATCH = 10;

/**
 * Decodes what was not decoded before.
 *
 * @param {() => Promise<import("@stt/core").TranscriptionEngine>} engine opened where it is needed
 * @param {import("../human/recordings-of-people.mjs").HumanRecording[]} recordings
 * @param {{ model: string, what: string, options: object, onProgress?: Function }} how `what` names the question, `options` ask it
 * @returns {Promise<Map<string, import("@stt/core").Transcription>>} by the recording's name
 */
export async function decodeAll(engine, recordings, { model, what, options, onProgress = () => {} }) {
  const question = JSON.stringify([nativePaths().key, model, statSync(model).size, what, options]);
  const name = createHash("sha256").update(question).digest("hex").slice(0, 16);
  const file = path.join(cache, "vocabulary", `${name}.json`);
  mkdirSync(path.dirname(file), { recursive: true });
  const known = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const save = () => {
    writeFileSync(`${file}.part`, JSON.stringify(known));
    renameSync(`${file}.part`, file);
  };
  const unknown = recordings.filter((each) => known[each.name] === undefined);
  for (const [i, recording] of unknown.entries()) {
    known[recording.name] = await decodeOne(await engine(), recording, options);
    if (i % BATCH === BATCH - 1) save();
    onProgress(i + 1, unknown.length);
  }
  if (unknown.length > 0) save();
  return new Map(recordings.map((each) => [each.name, known[each.name]]));
}

/** Decodes one recording as a final is. */
export async function decodeOne(engine, recording, options) {
  const audio = samplesOf(readSamples(await layOut(recording)));
  const { language } = recording;
  return engine.transcribe(audio, { language, audioContext: FINAL_AUDIO_CONTEXT, words: true, ...options });
}

function samplesOf(pcm) {
  const samples = new Float32Array(pcm.length / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = pcm.readInt16LE(2 * i) / 32768;
  return samples;
}
