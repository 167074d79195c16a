/** One recording over a network that breaks, and what an unbroken one gives. */
import { createSttClient } from "@stt/client-node";
import { liveSource, speak } from "./audio.mjs";
import { openProxy } from "./proxy.mjs";

/** Times, numbers and texts of finals: what must not depend on cuts. */
const essence = ({ utterance, text, startMs, endMs }) => ({ utterance, text, startMs, endMs });

/**
 * Speaks `pcm` through a proxy that cuts.
 *
 * @param {object} run
 * @param {number[]} run.targets ports of the servers, in the order in which they serve
 * @param {import("./proxy.mjs").Cut[]} [run.cuts]
 * @param {Buffer} run.pcm
 * @param {number} run.speed times as fast as time
 * @param {object} [run.options] of the client
 * @param {(client: object) => void} [run.watch] gets the client before it starts
 */
export async function speakThrough({ targets, cuts = [], pcm, speed, options = {}, watch }) {
  const proxy = await openProxy(targets, cuts);
  const client = createSttClient({
    url: proxy.url,
    language: "en",
    partials: false,
    endpointing: { silenceMs: 600, minUtteranceMs: 300 },
    reconnect: { initialDelayMs: 20, maxDelayMs: 40 },
    stopTimeoutMs: 60_000,
    ...options,
  });
  const finals = [];
  const warnings = [];
  const sessions = [];
  client.on("final", (event) => finals.push(essence(event)));
  client.on("warning", (event) => warnings.push(event));
  client.on("error", (event) => warnings.push(event));
  client.on("ready", (event) => sessions.push(event));
  watch?.(client);
  try {
    // Where audio was given up, `stop` says so: the text of the rest is in the transcript.
    let incomplete;
    const text = await speak(client, liveSource(pcm, speed)).catch((error) => {
      if (error.code !== "buffer_overflow") throw error;
      incomplete = error;
      return client.transcript.getSnapshot().text;
    });
    return {
      text,
      incomplete,
      finals,
      warnings,
      sessions: sessions.length,
      cuts: proxy.state.cuts,
      upBytes: proxy.state.upBytes,
    };
  } finally {
    await client.close();
    proxy.close();
  }
}

/** Two frames of the voice detector: one that began elsewhere may judge doubtful frames otherwise. */
const MOST_SHIFT_MS = 64;

/** In long speech, this part of the utterances may come in other words: the built-in model changes its mind over a frame. */
const REWORDED_PART = 1 / 8;

const sameTimes = (final, other) =>
  other !== undefined &&
  final.utterance === other.utterance &&
  Math.abs(final.startMs - other.startMs) <= MOST_SHIFT_MS &&
  Math.abs(final.endMs - other.endMs) <= MOST_SHIFT_MS;

/** Utterances that were heard at the same time and decoded in other words. */
export function reworded(expected, got) {
  return got.finals.filter((final, i) => sameTimes(final, expected.finals[i]) && final.text !== expected.finals[i].text)
    .length;
}

/** Utterances that begin or end up to two frames elsewhere. */
export function moved(expected, got) {
  return got.finals.filter((final, i) => {
    const other = expected.finals[i];
    return sameTimes(final, other) && (final.startMs !== other.startMs || final.endMs !== other.endMs);
  }).length;
}

/**
 * What differs from the unbroken run, in words; empty when nothing does. Times may differ by two frames, and in long speech the
 * words of a few utterances that are there at the right time.
 */
export function differences(expected, got) {
  const found = [];
  const complete =
    got.finals.length === expected.finals.length &&
    got.finals.every((final, i) => sameTimes(final, expected.finals[i]));
  const otherWords = reworded(expected, got);
  if (!complete || otherWords > Math.floor(expected.finals.length * REWORDED_PART)) {
    found.push(`finals: ${JSON.stringify(got.finals)} and not ${JSON.stringify(expected.finals)}`);
  }
  if (otherWords === 0 && got.text !== expected.text)
    found.push(`text: ${JSON.stringify(got.text)} and not ${JSON.stringify(expected.text)}`);
  if (got.warnings.length > 0) found.push(`warnings: ${JSON.stringify(got.warnings)}`);
  return found;
}

/** "nothing", and what of it came otherwise. @param pairs of what was expected and what came */
export function lostNothing(pairs) {
  const count = (of) => pairs.reduce((sum, [expected, got]) => sum + of(expected, got), 0);
  const finals = pairs.reduce((sum, [expected]) => sum + expected.finals.length, 0);
  const [shifted, otherWords] = [count(moved), count(reworded)];
  const notes = [
    ...(shifted > 0 ? [`${shifted} a frame or two elsewhere`] : []),
    ...(otherWords > 0 ? [`${otherWords} in other words`] : []),
  ];
  return notes.length === 0 ? "nothing" : `nothing; of ${finals} utterances ${notes.join(", ")}`;
}

/** Runs `jobs` a few at a time. */
export async function inParallel(jobs, width) {
  const results = [];
  let next = 0;
  const lane = async () => {
    while (next < jobs.length) {
      const index = next++;
      results[index] = await jobs[index]();
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
}
