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
    const text = await speak(client, liveSource(pcm, speed));
    return { text, finals, warnings, sessions: sessions.length, cuts: proxy.state.cuts, upBytes: proxy.state.upBytes };
  } finally {
    await client.close();
    proxy.close();
  }
}

/** One frame of the voice detector: a detector that began elsewhere may judge a doubtful frame otherwise. */
const FRAME_MS = 32;

/** What differs from the unbroken run, in words; empty when nothing does. Times may differ by a frame. */
export function differences(expected, got) {
  const found = [];
  if (got.text !== expected.text)
    found.push(`text: ${JSON.stringify(got.text)} and not ${JSON.stringify(expected.text)}`);
  const same = ({ utterance, text, startMs, endMs }, other) =>
    other !== undefined &&
    utterance === other.utterance &&
    text === other.text &&
    Math.abs(startMs - other.startMs) <= FRAME_MS &&
    Math.abs(endMs - other.endMs) <= FRAME_MS;
  if (
    got.finals.length !== expected.finals.length ||
    !got.finals.every((final, i) => same(final, expected.finals[i]))
  ) {
    found.push(`finals: ${JSON.stringify(got.finals)} and not ${JSON.stringify(expected.finals)}`);
  }
  if (got.warnings.length > 0) found.push(`warnings: ${JSON.stringify(got.warnings)}`);
  return found;
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
