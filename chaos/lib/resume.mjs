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
    // A dead connection is noticed in this time.
    pingIntervalMs: 150,
    pongTimeoutMs: 150,
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

/** What differs from the unbroken run, in words; empty when nothing does. */
export function differences(expected, got) {
  const found = [];
  if (got.text !== expected.text)
    found.push(`text: ${JSON.stringify(got.text)} and not ${JSON.stringify(expected.text)}`);
  const [a, b] = [expected.finals, got.finals].map((finals) => JSON.stringify(finals));
  if (a !== b) found.push(`finals: ${b} and not ${a}`);
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
