import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { AudioSource, SttClient } from "@stt/core";
import type { Recording } from "./recordings.js";

const CHUNK_MS = 50;
const BYTES_PER_MS = 32;

/** A recording as a microphone that runs `speed` times as fast as time: it waits for nobody. */
export function liveSource({ path }: Pick<Recording, "path">, speed: number): AudioSource {
  const pcm = readFileSync(path).subarray(44);
  return {
    format: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 },
    async *chunks(signal) {
      const begin = performance.now();
      for (let at = 0; at < pcm.length && !signal.aborted; at += CHUNK_MS * BYTES_PER_MS) {
        yield pcm.subarray(at, at + CHUNK_MS * BYTES_PER_MS);
        const due = begin + at / BYTES_PER_MS / speed;
        if (due > performance.now()) await delay(due - performance.now());
      }
    },
    close: async () => {},
  };
}

/** Streams it to its end and stops. */
export async function speak(client: SttClient, recording: Pick<Recording, "path">, speed: number): Promise<string> {
  const ended = new Promise<void>((resolve) => {
    client.on("source_end", () => resolve());
  });
  await client.start(liveSource(recording, speed));
  await ended;
  return client.stop();
}
