/** Recordings as audio of any speed. */
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

export const FORMAT = { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 };
export const BYTES_PER_MS = 32;

const samples = new URL("../../samples/", import.meta.url);
const WAV_HEADER_BYTES = 44;

/** 16 kHz mono PCM of bundled recordings, one after the other, each followed by silence. */
export function pcmOf(names, silenceMs = 0) {
  const silence = Buffer.alloc(silenceMs * BYTES_PER_MS);
  const recording = (name) => readFileSync(new URL(`${name}.wav`, samples)).subarray(WAV_HEADER_BYTES);
  return Buffer.concat(names.flatMap((name) => [recording(name), silence]));
}

const CHUNK_BYTES = 40 * BYTES_PER_MS;

/** Audio as a microphone that runs `speed` times as fast as time: it waits for nobody. */
export function liveSource(pcm, speed) {
  return {
    format: FORMAT,
    async *chunks(signal) {
      const begin = performance.now();
      for (let at = 0; at < pcm.length && !signal.aborted; at += CHUNK_BYTES) {
        yield pcm.subarray(at, at + CHUNK_BYTES);
        const due = begin + at / BYTES_PER_MS / speed - performance.now();
        if (due > 0) await delay(due);
      }
    },
    close: async () => {},
  };
}

/** Streams a source to its end, or to that of the session, and stops. @returns the text @throws what the session failed of */
export async function speak(client, source) {
  const ended = new Promise((resolve) => {
    client.on("source_end", resolve);
    client.on("error", ({ fatal }) => fatal && resolve());
  });
  await client.start(source);
  await ended;
  return client.stop();
}
