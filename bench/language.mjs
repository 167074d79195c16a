/** How surely the language of short speech is detected: among all languages, and among English and Russian. */
import { openEngine } from "./lib/engine.mjs";
import { requirePackages } from "./lib/human/debian-packages.mjs";
import { layOut, listRecordings, readSamples } from "./lib/human/recordings-of-people.mjs";
import { weights } from "./lib/human/weights.mjs";
import { round } from "./lib/stats.mjs";

const SAMPLE_RATE = 16_000;
const LANGUAGES = ["en", "ru"];
const SECONDS = [1, 1.5, 2];
const MOST = 60;
const QUICK_MOST = 10;
/** Speech begins at the first sample as loud as this, of 32768, and is decoded from 200 ms before. */
const LOUD = 655;
const LEAD_IN_SAMPLES = SAMPLE_RATE / 5;
const CANDIDATES = { all: undefined, among: { en: 1, ru: 1 } };

/**
 * @param {object} options
 * @param {boolean} options.quick
 * @param {boolean} [options.install] missing Debian packages are installed
 * @param {string} [options.limit] recordings of each language at most
 */
export async function run({ quick, install = false, limit }) {
  await requirePackages({ install });
  const most = limit ? Number(limit) : quick ? QUICK_MOST : MOST;
  if (!(most >= 1)) throw new Error(`--limit takes a number of recordings, not "${limit}".`);
  const engine = await openEngine({ modelPath: weights(), modelName: "base" });
  const rows = [];
  for (const language of LANGUAGES) {
    const speech = await beginnings(language, most);
    for (const seconds of SECONDS) {
      const clips = speech.filter(({ length }) => length >= seconds * SAMPLE_RATE);
      const right = { all: 0, among: 0 };
      for (const clip of clips) {
        const audio = clip.slice(0, seconds * SAMPLE_RATE);
        for (const [name, languages] of Object.entries(CANDIDATES)) {
          const options = { language: "auto", languages, audioContext: 256, temperatureFallback: false };
          if ((await engine.transcribe(audio, options)).language === language) right[name]++;
        }
      }
      const share = (count) => round((100 * count) / clips.length);
      rows.push([`${language}, ${seconds} s`, clips.length, share(right.all), share(right.among)]);
      process.stderr.write(`  ${rows.at(-1).join(" ")}\n`);
    }
  }
  await engine.close();
  return {
    title: "Language of short speech",
    tables: [{ columns: ["speech", "recordings", "right among all, %", "right among en and ru, %"], rows }],
    notes: [
      "Whisper base on the first seconds of people's speech, with no prior from a session's history. A recording that is shorter does not count.",
    ],
  };
}

/** Recordings from where somebody speaks, spread over the set, without the quarter that is kept. */
async function beginnings(language, most) {
  const all = listRecordings().filter(({ set, kept }) => set === language && !kept);
  const count = Math.min(most, all.length);
  const chosen = Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);
  return Promise.all(
    chosen.map(async (recording) => {
      const bytes = readSamples(await layOut(recording));
      const audio = Float32Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(2 * i) / 32_768);
      const onset = audio.findIndex((value) => Math.abs(value) >= LOUD / 32_768);
      return audio.subarray(Math.max(0, onset - LEAD_IN_SAMPLES));
    }),
  );
}
