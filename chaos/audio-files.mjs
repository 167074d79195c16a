/** Files of every container, spoiled in every way, against what ffmpeg hears: the same length, or an error; never silently short. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { openAudioFile } from "../packages/server/dist/audio-decoders/open-audio-file.js";
import { damagedFile, ENCODINGS, spoil } from "./lib/audio-mutations.mjs";
import { row } from "./lib/report.mjs";

const run_ = promisify(execFile);
const RECORDING = fileURLToPath(new URL("../samples/en_05.wav", import.meta.url));
const WIDTH = 2;
const RATE = 16_000;
/** What ffmpeg hears so much of is not to be refused. */
const HEARD_SHARE = 0.6;
/** Longest that a file of seconds may take, on a busy machine. */
const SLOW_MS = 20_000;
const REFUSALS = ["bad_audio", "unsupported_media"];
/** Nothing of the recording itself is touched: all of it is heard, whatever ffmpeg makes of the rest. */
const UNHURT = ["whole", "joined", "joined with itself", "a tag in front", "junk in front", "junk at the end"];
/** Part of what lies behind the head is touched. */
const HIT = ["bytes changed", "a bit changed", "bytes missing", "a hole of zeros"];
/** Rounding of two resamplers, for each file of a joined one. */
const ROUNDING_S = 0.001;

/** @param {{ short: boolean, runs?: number, seed?: number }} options */
export async function run({ short, runs = short ? 60 : 1500, seed = Date.now() % 2 ** 31 }) {
  const folder = mkdtempSync(path.join(tmpdir(), "stt-fuzz-files-"));
  try {
    const originals = {};
    for (const [name, encoding] of Object.entries(ENCODINGS)) {
      const [extension, ...options] = encoding.to;
      const file = path.join(folder, `${name.replace(" ", "-")}.${extension}`);
      await run_("ffmpeg", ["-v", "error", "-i", RECORDING, ...options, file]);
      const bytes = statSync(file).size;
      const packets = await packetsOf(file, bytes);
      originals[name] = { ...encoding, file, seconds: await ffmpegHears(file), bytes, packets };
    }
    const cases = fc.sample(damagedFile, { numRuns: runs, seed });
    const results = new Map(Object.keys(ENCODINGS).map((name) => [name, { times: 0, refused: 0, failures: [] }]));
    let next = 0;
    const lane = async () => {
      while (next < cases.length) {
        const number = next++;
        const { encoding, change, extension } = cases[number];
        const file = path.join(folder, `${number}.${extension}`);
        writeFileSync(file, spoil(originals, encoding, change));
        const result = results.get(encoding);
        const { failure, refused } = await compare(file, originals, { encoding, change });
        result.times++;
        if (refused) result.refused++;
        if (failure) result.failures.push(`case ${number}, ${change.kind}: ${failure}`);
        rmSync(file);
      }
    };
    await Promise.all(Array.from({ length: WIDTH }, lane));
    return [...results].map(([name, { times, refused, failures }]) =>
      row(
        `spoiled files: ${name}`,
        `cut, joined, damaged, behind junk, under any name, seed ${seed}; ${refused} refused`,
        times,
        failures,
      ),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns {Promise<{ refused: boolean, failure?: string }>} */
async function compare(file, originals, { encoding, change }) {
  const began = performance.now();
  const ours = await weHear(file);
  const tookMs = performance.now() - began;
  if (tookMs > SLOW_MS) return { refused: false, failure: `took ${Math.round(tookMs)} ms` };
  const theirs = await ffmpegHears(file);
  const original = originals[encoding];
  if (ours.error) {
    const { code, message } = ours.error;
    if (!REFUSALS.includes(code)) return { refused: true, failure: `refused with ${code}: ${message}` };
    if (change.kind === "whole") return { refused: true, failure: `refused, though it is whole: ${message}` };
    // The rule that refuses what is more than half destroyed sees bytes, not seconds.
    const failure =
      theirs > HEARD_SHARE * original.seconds && `refused, though ffmpeg hears ${theirs.toFixed(3)} s: ${message}`;
    return { refused: true, ...(failure && { failure }) };
  }
  const [least, most] = bounds(original, secondOf(originals, original, change), change, theirs);
  const told = `${ours.seconds.toFixed(3)} s, ffmpeg hears ${theirs.toFixed(3)} s, the original has ${original.seconds.toFixed(3)} s`;
  if (ours.seconds < least) return { refused: false, failure: `silently short: ${told}` };
  if (ours.seconds > most) return { refused: false, failure: `too long: ${told}` };
  return { refused: false };
}

/** What follows in a joined file and is heard. */
function secondOf(originals, original, change) {
  if (change.kind === "joined with itself") return original.family ? original : undefined;
  if (change.kind !== "joined") return undefined;
  const second = originals[change.with];
  return original.family && second.family === original.family ? second : undefined;
}

/** The shortest and the longest that is right, seconds. */
function bounds(original, second, change, theirs) {
  const { frameS, unitS, bytes, packets, seconds } = original;
  const all = seconds + (second?.seconds ?? 0);
  if (second || (UNHURT.includes(change.kind) && unitS)) return [all - frameS - ROUNDING_S, all + frameS + ROUNDING_S];
  const least = Math.min(theirs, all) - frameS - ROUNDING_S;
  const most = Math.max(theirs, all) + frameS + ROUNDING_S;
  // ffmpeg may lose more than it has to: what is not hit is heard.
  const from = Math.floor((change.at ?? 0) * bytes);
  if (!unitS || !HIT.includes(change.kind) || from < packets[0].from) return [least, most];
  const to = from + (change.length ?? change.bytes?.length ?? 1);
  return [Math.max(least, all - secondsHit(original, from, to) - 2 * unitS), most];
}

/**
 * Where the audio of a whole file lies, by ffprobe.
 *
 * @returns {Promise<{ from: number, to: number, seconds: number }[]>} packets, by bytes
 */
async function packetsOf(file, bytes) {
  const asked = ["-select_streams", "a:0", "-show_entries", "packet=pos,size,duration_time", "-of", "json"];
  const { stdout } = await run_("ffprobe", ["-v", "error", ...asked, file], { maxBuffer: 2 ** 28 });
  const packets = JSON.parse(stdout).packets.map(({ pos, duration_time }) => [Number(pos), Number(duration_time)]);
  // Packets of one page share its place.
  const places = [...new Set(packets.map(([from]) => from)), bytes].sort((a, b) => a - b);
  return packets.map(([from, seconds]) => ({ from, to: places[places.indexOf(from) + 1], seconds }));
}

/** What a hit from one place of a whole file to another costs: where it is quiet, a few bytes are a second. */
function secondsHit({ packets }, from, to) {
  const hit = packets.filter((packet) => packet.from < to && packet.to > from);
  return hit.reduce((sum, { seconds }) => sum + seconds, 0);
}

async function weHear(file) {
  let samples = 0;
  try {
    const pieces = await openAudioFile(file, { maxDurationMs: 600_000 }, new AbortController().signal);
    for await (const piece of pieces) samples += piece.length;
    return { seconds: samples / RATE };
  } catch (error) {
    return { error };
  }
}

/** Seconds; 0 when it refuses. */
async function ffmpegHears(file) {
  const options = { encoding: "buffer", maxBuffer: 2 ** 28, timeout: SLOW_MS };
  const audio = ["-map", "0:a:0", "-ac", "1", "-ar", String(RATE), "-f", "s16le", "pipe:1"];
  // What it heard before it gave up counts too.
  const { stdout } = await run_("ffmpeg", ["-v", "quiet", "-nostdin", "-i", file, ...audio], options).catch(
    (error) => error,
  );
  return (stdout?.length ?? 0) / 2 / RATE;
}
