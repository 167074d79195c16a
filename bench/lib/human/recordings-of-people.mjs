/** Recordings of people and what they say, out of Debian packages, as 16 kHz mono WAV files in the user's cache. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { cacheDirectory } from "../../../packages/server/scripts/build-native.mjs";
import { runToEnd } from "../processes.mjs";
import { HOLD_MUSIC, LIBRIVOX, PROMPTS } from "./debian-packages.mjs";

/** What the laid-out files and the texts of the other recognisers are kept in. */
export const cache = path.join(cacheDirectory(), "human-speech");

/** Prompts that are sounds, single letters or silence, in the sets of one or two words. */
const NOT_WORDS = /letters|phonetic|silence|beep|tone/;
const SHORT = ["en", "ru"];

/**
 * @typedef {object} HumanRecording
 * @property {string} name `set/file`
 * @property {string} set a language; `short-en` and `short-ru`, of one or two words; `librivox`; `music`
 * @property {string} language
 * @property {string} text what is said, as its author wrote it; "" where nobody speaks
 * @property {boolean} kept whether it belongs to the quarter that nothing is tuned to
 * @property {string} source a file that ffmpeg reads
 * @property {{ from: number, seconds: number }} [cut] the part of the source to take
 */

/** All recordings, in the order of their lists. @returns {HumanRecording[]} */
export function listRecordings() {
  return [...Object.keys(PROMPTS).flatMap(prompts), ...librivox(), ...holdMusic()];
}

/**
 * A quarter of the recordings, chosen by a hash of the name (FNV-1a), is kept for acceptance: thresholds are never set by it.
 */
export function isKept(name) {
  let hash = 2166136261;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 16777619) >>> 0;
  return hash % 4 === 0;
}

function prompts(language) {
  const { folder, list } = PROMPTS[language];
  const recordings = [];
  for (const line of gunzipSync(readFileSync(list)).toString("utf8").split("\n")) {
    const [, file, text] = /^([\w/-]+):\s*(.+?)\s*$/.exec(line) ?? [];
    // Brackets hold tones and directions for the speaker; Italian's beeps are described without.
    if (file === undefined || /[[\]<>(]/.test(text) || /^beep/.test(file)) continue;
    const source = `${folder}/${file}.g722`;
    const words = text.match(/[\p{L}\p{N}']+/gu)?.length ?? 0;
    const set = words >= 3 ? language : `short-${language}`;
    if (words === 0 || !existsSync(source)) continue;
    if (words < 3 && (!SHORT.includes(language) || NOT_WORDS.test(file) || /^\w$/.test(file))) continue;
    const name = `${set}/${file.replaceAll("/", "_")}`;
    recordings.push({
      name,
      set,
      language,
      text: text.replace(/\s+/g, " "),
      kept: isKept(`${name}.wav`),
      source,
    });
  }
  return recordings;
}

/** Read prose. Five recordings are too few to part. */
function librivox() {
  return readFileSync(`${LIBRIVOX}/transcription`, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, text, file] = /<s> (.*) <\/s> \((.*)\)/.exec(line) ?? [];
      if (file === undefined) return [];
      const source = `${LIBRIVOX}/${file}.wav`;
      return [{ name: `librivox/${file}`, set: "librivox", language: "en", text, kept: false, source }];
    });
}

/** Two stretches of each piece; whole pieces are kept. */
function holdMusic() {
  return readdirSync(HOLD_MUSIC)
    .filter((file) => file.endsWith(".g722"))
    .flatMap((file) =>
      [5, 70].map((from) => ({
        name: `music/${file.replace(".g722", "")}-${from}`,
        set: "music",
        language: "en",
        text: "",
        kept: /simplicity|morning/.test(file),
        source: `${HOLD_MUSIC}/${file}`,
        cut: { from, seconds: 45 },
      })),
    );
}

/** The WAV file of a recording, made on first use. @returns {Promise<string>} its path */
export async function layOut({ name, source, cut }) {
  const file = path.join(cache, "recordings", `${name}.wav`);
  if (existsSync(file)) return file;
  mkdirSync(path.dirname(file), { recursive: true });
  const input = source.endsWith(".g722") ? ["-f", "g722", "-i", source] : ["-i", source];
  const part = cut ? ["-ss", `${cut.from}`, "-t", `${cut.seconds}`] : [];
  const unfinished = `${file}.part`;
  const output = ["-ar", "16000", "-ac", "1", "-c:a", "pcm_s16le", "-bitexact", "-f", "wav", unfinished];
  await runToEnd("ffmpeg", ["-v", "error", "-y", ...input, ...part, ...output]);
  renameSync(unfinished, file);
  return file;
}

/** The samples of a WAV file that `layOut` made, 16 bit little-endian. */
export function readSamples(file) {
  const wav = readFileSync(file);
  let at = 12;
  while (wav.toString("latin1", at, at + 4) !== "data") at += 8 + wav.readUInt32LE(at + 4);
  return wav.subarray(at + 8, at + 8 + wav.readUInt32LE(at + 4));
}
