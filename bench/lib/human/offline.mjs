/** The same recordings decoded as whole files by other programs. What they wrote is kept: it only changes with them. */
import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { nativePaths } from "../../../packages/server/scripts/build-native.mjs";
import { runToEnd } from "../processes.mjs";
import { cache, layOut } from "./recordings-of-people.mjs";

/** Files that one process decodes before it gives its texts: a run that is broken off keeps all but these. */
const BATCH = 10;

/** Settings of whisper-cli by name; all else is as the program comes, its full window and decoding again when in doubt included. */
export const WHISPER_CLI = {
  greedy: ["-bs", "1", "-bo", "1"],
  "beam 5": ["-bs", "5", "-bo", "5"],
};

/**
 * Texts of whisper-cli, built from the source of our addon.
 *
 * @param {import("./recordings-of-people.mjs").HumanRecording[]} recordings
 * @param {object} options
 * @param {string} options.model path of the weights
 * @param {keyof typeof WHISPER_CLI} options.decoding
 * @returns {Promise<Map<string, string>>} the text by the recording's name
 */
export async function whisperCli(recordings, { model, decoding, onProgress }) {
  const { whisperCli: program, key } = nativePaths();
  return keptTexts(`whisper-cli ${decoding} ${key} ${await digest(model)}`, recordings, {
    // Two processes of one thread get further than one of two, whose threads wait for each other.
    workers: os.availableParallelism(),
    onProgress,
    decode: async (batch, language) => {
      const folder = mkdtempSync(path.join(os.tmpdir(), "stt-bench-"));
      try {
        const files = await Promise.all(batch.map(layOut));
        const out = (i) => path.join(folder, `${i}`);
        const each = files.flatMap((file, i) => ["-f", file, "-of", out(i)]);
        const args = ["-m", model, "-l", language, "-t", "1", "-np", "-nt", "-otxt"];
        await runToEnd(program, [...args, ...WHISPER_CLI[decoding], ...each]);
        return batch.map((_, i) =>
          readFileSync(`${out(i)}.txt`, "utf8")
            .replace(/\s+/g, " ")
            .trim(),
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  });
}

/**
 * Texts of faster-whisper, where `BENCH_PYTHON` (python3) has it and the weights of OpenAI's base are at hand: in Hugging Face's
 * cache or where `FASTER_WHISPER_MODEL` points to.
 *
 * @returns {Promise<Map<string, string> | undefined>} undefined where it is not installed
 */
export async function fasterWhisper(recordings, { beams, onProgress }) {
  const python = process.env.BENCH_PYTHON ?? "python3";
  const script = fileURLToPath(new URL("faster_whisper_texts.py", import.meta.url));
  const model = process.env.FASTER_WHISPER_MODEL ?? "base";
  const version = await runToEnd(python, [script, "--version", model]).catch(() => undefined);
  if (version === undefined) return undefined;
  return keptTexts(`faster-whisper ${version.stdout.trim()} beam ${beams} ${model}`, recordings, {
    onProgress,
    decode: async (batch, language) => {
      const files = await Promise.all(batch.map(layOut));
      const { stdout } = await runToEnd(python, [script, model, language, `${beams}`, ...files]);
      return JSON.parse(stdout);
    },
  });
}

/**
 * Asks only for what was not asked before.
 *
 * @param {string} what who is asked, with all that its texts depend on
 * @param {import("./recordings-of-people.mjs").HumanRecording[]} recordings of one language
 * @param {{ workers?: number, decode: (batch: object[], language: string) => Promise<string[]>, onProgress?: Function }} how
 */
async function keptTexts(what, recordings, { workers = 1, decode, onProgress = () => {} }) {
  const name = createHash("sha256").update(what).digest("hex").slice(0, 16);
  const file = path.join(cache, "offline", `${name}.json`);
  const read = () => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).texts : {});
  mkdirSync(path.dirname(file), { recursive: true });
  const known = read();
  const unknown = recordings.filter((recording) => known[recording.name] === undefined);
  let next = 0;
  const work = async () => {
    while (next < unknown.length) {
      const batch = unknown.slice(next, next + BATCH);
      next += batch.length;
      const texts = await decode(batch, batch[0].language);
      // Others may have written meanwhile.
      const all = { ...read(), ...Object.fromEntries(batch.map((recording, i) => [recording.name, texts[i]])) };
      writeFileSync(`${file}.part`, JSON.stringify({ what, texts: all }, undefined, 1));
      renameSync(`${file}.part`, file);
      onProgress(unknown.filter((recording) => all[recording.name] !== undefined).length, unknown.length);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  const texts = read();
  return new Map(recordings.map((recording) => [recording.name, texts[recording.name]]));
}

async function digest(file) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex").slice(0, 16);
}
