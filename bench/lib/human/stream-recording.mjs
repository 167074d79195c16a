/** One recording through the server, as somebody who speaks, and what a reader of the wire saw of it. */
import { once } from "node:events";
import { FRAME_MS, inRoom, pause } from "../recordings.mjs";
import { Speaker } from "../speaker.mjs";
import { sleep } from "../stats.mjs";
import { layOut, readSamples } from "./recordings-of-people.mjs";
import { soundsBetween } from "./sounds-between.mjs";

/** The room before and behind a recording: somebody has to be silent for 700 ms before an utterance ends. */
const BEFORE_MS = 512;
const BEHIND_MS = 1504;
/** A server that says nothing for so long will not say anything any more. */
const PATIENCE_MS = 180_000;

/**
 * @typedef {object} SeenUtterance times are of `performance.now()`, `...Ms` of the audio
 * @property {number} startMs
 * @property {number} [endMs]
 * @property {{ at: number, committed: string, tentative: string }[]} partials
 * @property {string} [text] of the final; undefined when none came
 * @property {{ text: string, endSentAt: number }[]} [words] of the final, if asked for
 * @property {number} [finalAt]
 * @property {number} [endSentAt] when the last sound of the utterance was sent
 *
 * @typedef {object} Streamed
 * @property {import("./recordings-of-people.mjs").HumanRecording} recording
 * @property {number} audioMs of the recording
 * @property {string} text all finals
 * @property {SeenUtterance[]} utterances
 * @property {number} [onsetSentAt] when the first sound of the recording was sent
 * @property {string} [failure]
 */

/**
 * @param {number} port
 * @param {import("./recordings-of-people.mjs").HumanRecording} recording
 * @param {{ fast: boolean }} options `fast` sends as quickly as the server takes it, otherwise at the pace of speech
 * @returns {Promise<Streamed>}
 */
export async function streamRecording(port, recording, { fast }) {
  return streamPcm(port, recording, readSamples(await layOut(recording)), { fast });
}

/**
 * The same for any audio.
 *
 * @param {Buffer} pcm 16 kHz mono, 16 bit
 * @param {{ fast: boolean, words?: boolean }} options `words` asks for the times of the words
 */
export async function streamPcm(port, recording, pcm, { fast, words = false }) {
  const part = { ...inRoom(pcm), recording };
  const playlist = [pause(BEFORE_MS), part, pause(BEHIND_MS)];
  const frames = playlist.reduce((total, each) => total + each.frames, 0);
  const speaker = await Speaker.open(port, {
    playlist,
    language: recording.language,
    keptFrames: frames,
    start: words ? { words } : {},
  });
  const seen = new Map();
  const ended = new EventTarget();
  let lastAt = performance.now();
  speaker.onMessage = (message, at) => {
    lastAt = at;
    note(seen, message, at);
    if (message.type !== "end" && !(message.type === "error" && message.fatal)) return;
    // Of the connection's own end nothing more is to be learned.
    speaker.close();
    ended.dispatchEvent(new Event("end"));
  };
  const end = once(ended, "end");
  await (fast ? sendAll(speaker, frames) : sendPaced(speaker, frames));
  speaker.stop();
  const watch = setInterval(() => {
    if (speaker.failure || performance.now() - lastAt > PATIENCE_MS) {
      speaker.failure ??= `nothing came for ${PATIENCE_MS / 1000} s`;
      ended.dispatchEvent(new Event("end"));
    }
  }, 100);
  await end;
  clearInterval(watch);
  speaker.close();

  const utterances = [...seen.values()];
  const sentAt = (ms) => speaker.sentAt(Math.floor(ms / FRAME_MS));
  for (const each of utterances) {
    each.endSentAt = each.endMs === undefined ? Number.NaN : sentAt(each.endMs);
    each.words = each.words?.map(({ text, endMs }) => ({ text, endSentAt: sentAt(endMs) }));
  }
  const sounds = soundsBetween(pcm);
  return {
    recording,
    audioMs: pcm.length / 32,
    text: utterances.flatMap(({ text }) => text || []).join(" "),
    utterances,
    onsetSentAt: sounds ? sentAt(BEFORE_MS + sounds.fromMs) : Number.NaN,
    failure: speaker.failure,
  };
}

function note(seen, message, at) {
  if (!["speech_start", "speech_end", "partial", "final"].includes(message.type)) return;
  if (!seen.has(message.utterance))
    seen.set(message.utterance, { startMs: message.atMs ?? message.startMs, partials: [] });
  const utterance = seen.get(message.utterance);
  switch (message.type) {
    case "speech_end":
      utterance.endMs = message.atMs;
      return;
    case "partial":
      utterance.partials.push({ at, committed: message.committed, tentative: message.tentative });
      return;
    case "final":
      utterance.endMs ??= message.endMs;
      utterance.text = message.text;
      utterance.words = message.words;
      utterance.finalAt = at;
  }
}

async function sendPaced(speaker, frames) {
  const begin = performance.now();
  for (let i = 0; i < frames && !speaker.failure; i++) {
    const due = begin + (i + 1) * FRAME_MS;
    const early = due - performance.now();
    if (early > 0) await sleep(early);
    speaker.send(performance.now());
  }
}

async function sendAll(speaker, frames) {
  for (let i = 0; i < frames && !speaker.failure; i++) {
    while (!speaker.writable && !speaker.failure) await sleep(10);
    speaker.send(performance.now());
    if (i % 100 === 99) await sleep(0);
  }
}
