/** One client that plays a playlist at the pace of speech and notes when everything it was told arrived. */
import { FRAME_BYTES, FRAME_SAMPLES, pause } from "./recordings.mjs";
import { Wire } from "./wire.mjs";

/** Send times are kept for so many frames, 65 s, unless more are asked for. */
const KEPT = 2048;
/** Silence that ends an utterance; the protocol's default is meant for dictation. */
export const SILENCE_MS = 700;
const SILENCE_FRAMES = Math.ceil((SILENCE_MS * 16) / FRAME_SAMPLES);
/** The server first decodes once it has heard 0.3 s of speech; in whole frames. */
const FIRST_PARTIAL_FRAMES = Math.ceil(4800 / FRAME_SAMPLES);
const quiet = pause(60_000);

/**
 * @typedef {object} Heard what a speaker was told of one utterance; times are of `performance.now()`, `...Ms` of the audio
 * @property {number} startMs
 * @property {number} startAt
 * @property {number} startDecidedAt when the frame was sent that made it an utterance
 * @property {number} [endMs]
 * @property {number} [endAt]
 * @property {number} [endDecidedAt] when the frame was sent that completed the silence
 * @property {{ at: number, endMs: number, committed: string, tentative: string }[]} partials
 * @property {number} [firstNeededAt] when the frame was sent with which there was enough speech for a first partial
 * @property {number} [finalAt]
 * @property {string} [text]
 * @property {object} recording what was being played when it began
 */

export class Speaker {
  /** @type {Map<number, Heard>} */
  utterances = new Map();
  /** Recordings played to their end. */
  spoken = 0;
  /** Partials whose committed text did not continue the one before. */
  retractions = 0;
  finals = 0;
  /** Plays room noise from the next pause on. */
  hushed = false;
  onEnd = () => {};
  /** Gets every message of the server with the time it arrived. */
  onMessage = (_message, _at) => {};
  failure;
  #wire;
  #playlist;
  #part = 0;
  #at = 0;
  #frame = 0;
  #sentAt;
  #keepPartials;

  /**
   * Opens a session.
   *
   * @param {number} port
   * @param {object} options
   * @param {import("./recordings.mjs").Part[]} options.playlist played over and over
   * @param {number} [options.keptFrames] for how many frames it is known when they were sent
   * @param {object} [options.start] fields of the `start` message
   */
  static async open(
    port,
    { playlist, language = "en", partials = true, keepPartials = false, keptFrames = KEPT, start = {} },
  ) {
    const speaker = new Speaker(await Wire.open(port), playlist, keepPartials, keptFrames);
    await speaker.#begin({ language, partials, ...start });
    return speaker;
  }

  constructor(wire, playlist, keepPartials, keptFrames) {
    this.#sentAt = new Float64Array(keptFrames);
    this.#wire = wire;
    this.#playlist = playlist;
    this.#keepPartials = keepPartials;
  }

  #begin(options) {
    return new Promise((resolve, reject) => {
      this.#wire.onClose = (reason) => {
        this.failure = `closed: ${reason}`;
        reject(new Error(this.failure));
      };
      this.#wire.onText = (text, at) => {
        const message = JSON.parse(text);
        if (message.type === "ready") resolve();
        else this.#onMessage(message, at);
      };
      this.#wire.text({
        type: "start",
        protocol: 1,
        audio: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 },
        endpointing: { silenceMs: SILENCE_MS, minUtteranceMs: 0 },
        ...options,
      });
    });
  }

  /** Begins another playlist. */
  play(playlist) {
    this.#playlist = playlist;
    this.#part = 0;
    this.#at = 0;
  }

  /** Sends the next 32 ms. */
  send(now) {
    const part = this.#playlist[this.#part];
    const resting = this.hushed && (this.#at === 0 || part.recording === undefined);
    const { pcm } = resting ? quiet : part;
    this.#wire.audio(this.#frame * FRAME_SAMPLES, pcm, (this.#at * FRAME_BYTES) % pcm.length, FRAME_BYTES);
    this.#sentAt[this.#frame++ % this.#sentAt.length] = now;
    if (resting || ++this.#at < part.frames) return;
    this.#at = 0;
    this.#part = (this.#part + 1) % this.#playlist.length;
    if (part.recording) this.spoken++;
  }

  /** Whether the connection takes more audio at once. */
  get writable() {
    return this.#wire.unsent < 1 << 20;
  }

  /** Whether every recording played has its final. */
  get settled() {
    return this.finals >= this.spoken;
  }

  stop() {
    this.#wire.text({ type: "stop" });
  }

  close() {
    this.#wire.close();
  }

  /** When a frame was sent, by its number; NaN for one that was not sent yet. */
  sentAt(frame) {
    const kept = this.#sentAt.length;
    return frame < this.#frame && frame >= this.#frame - kept ? this.#sentAt[frame % kept] : Number.NaN;
  }

  #onMessage(message, at) {
    this.onMessage(message, at);
    switch (message.type) {
      case "speech_start":
        this.utterances.set(message.utterance, {
          startMs: message.atMs,
          startAt: at,
          // Two frames of speech open an utterance; `atMs` is where the first of them began.
          startDecidedAt: this.sentAt((message.atMs * 16) / FRAME_SAMPLES + 1),
          partials: [],
          recording: this.#playlist[this.#part].recording,
        });
        return;
      case "speech_end": {
        const heard = this.utterances.get(message.utterance);
        heard.endMs = message.atMs;
        heard.endAt = at;
        heard.endDecidedAt = this.sentAt((message.atMs * 16) / FRAME_SAMPLES + SILENCE_FRAMES - 1);
        return;
      }
      case "partial": {
        const heard = this.utterances.get(message.utterance);
        const { partials } = heard;
        heard.firstNeededAt ??= this.sentAt((heard.startMs * 16) / FRAME_SAMPLES + FIRST_PARTIAL_FRAMES - 1);
        const before = partials.at(-1)?.committed ?? "";
        if (!message.committed.startsWith(before)) this.retractions++;
        if (!this.#keepPartials) partials.length = 0;
        partials.push({ at, endMs: message.endMs, committed: message.committed, tentative: message.tentative });
        return;
      }
      case "final": {
        const heard = this.utterances.get(message.utterance);
        heard.finalAt = at;
        heard.text = message.text;
        this.finals++;
        return;
      }
      case "end":
        this.onEnd();
        return;
      case "error":
        this.failure = message.message;
    }
  }
}
