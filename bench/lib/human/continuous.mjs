/** Speech without pauses, for minutes: how far the text runs behind the voice, and how late it settles. */
import { foldedWords } from "../../../packages/core/dist/index.js";
import { layOut, readSamples } from "./recordings-of-people.mjs";
import { soundsBetween } from "./sounds-between.mjs";
import { streamPcm } from "./stream-recording.mjs";

/**
 * Recordings joined at their sounds, so that nobody pauses longer than within them.
 *
 * @param {import("./recordings-of-people.mjs").HumanRecording[]} recordings of one language
 * @param {number} seconds at least, if there are enough
 */
export async function joinWithoutPauses(recordings, seconds) {
  const pieces = [];
  const texts = [];
  let bytes = 0;
  for (const recording of recordings) {
    if (bytes >= seconds * 32_000) break;
    const pcm = readSamples(await layOut(recording));
    const sounds = soundsBetween(pcm);
    if (!sounds) continue;
    const piece = pcm.subarray(32 * Math.max(0, sounds.fromMs - 30), 32 * (sounds.toMs + 60));
    pieces.push(piece);
    texts.push(recording.text);
    bytes += piece.length;
  }
  return { pcm: Buffer.concat(pieces), text: texts.join(" ") };
}

/**
 * @returns {Promise<{ behindMs: number[], settledMs: number[], text: string, said: string, minutes: number }>} one figure
 *   a word: from the end of the word as it was spoken (by the final's word times) until it stood on the screen, and until it was certain
 */
export async function streamWithoutPauses(port, recordings, { seconds }) {
  const { pcm, text: said } = await joinWithoutPauses(recordings, seconds);
  const recording = { name: "joined", language: recordings[0].language };
  const { utterances, text, failure } = await streamPcm(port, recording, pcm, { fast: false, words: true });
  if (failure) throw new Error(failure);
  const behindMs = [];
  const settledMs = [];
  for (const { partials, words = [], text, finalAt } of utterances) {
    const shown = partials.map(({ at, committed, tentative }) => ({
      at,
      committed: foldedWords(committed).length,
      all: foldedWords(`${committed} ${tentative}`).length,
    }));
    const count = foldedWords(text ?? "").length;
    // A word list may group what folding parts; where they differ the times would belong to other words.
    if (words.length !== count) continue;
    words.forEach((word, i) => {
      const seen = shown.find(({ all }) => all > i)?.at ?? finalAt;
      const certain = shown.find(({ committed }) => committed > i)?.at ?? finalAt;
      behindMs.push(Math.min(seen, finalAt) - word.endSentAt);
      settledMs.push(Math.min(certain, finalAt) - word.endSentAt);
    });
  }
  return { behindMs, settledMs, text, said, minutes: pcm.length / 32 / 60_000 };
}
