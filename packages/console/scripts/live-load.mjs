/** A server with Whisper base, and people (recordings, at the speed of speech) who come, speak, pause and go. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createSttClient } from "@stt/client-node";
import { createLogger, createServer } from "@stt/server";

const samples = fileURLToPath(new URL("../../../samples/human/", import.meta.url));
const transcripts = JSON.parse(readFileSync(path.join(samples, "transcripts.json"), "utf8"));
const WAV_HEADER_BYTES = 44;
const BYTES_PER_MS = 32;
const CHUNK_BYTES = 50 * BYTES_PER_MS;
const recordings = Object.keys(transcripts);

/**
 * @param {{ historyStepMs: number, people: number, port?: number, token?: string, config?: object }} options
 * @returns the server's origin, and how all of it ends
 */
export async function startLoad({ historyStepMs, people, port = 0, token, config = {} }) {
  const log = createLogger({ level: "debug", format: "json", destination: nowhere() });
  const server = createServer({
    log,
    historyStepMs,
    config: {
      controlPort: port,
      dataPort: 0,
      whisperModel: "base",
      realtimeModelType: "base",
      beamSize: 1,
      maxSessions: 12,
      logLevel: "debug",
      ...config,
    },
  });
  const ports = await server.listen();
  log.info({ ...ports }, `ready: ws://${ports.host}:${ports.dataPort}/v1/stream`);
  const ending = new AbortController();
  const url = `ws://127.0.0.1:${ports.dataPort}/v1/stream`;
  const all = Array.from({ length: people }, (_, index) =>
    person({ url, ...(token && { token }) }, index, ending.signal),
  );
  return {
    origin: `http://127.0.0.1:${ports.controlPort}`,
    async close() {
      ending.abort();
      await Promise.allSettled(all);
      await server.close();
    },
  };
}

/** Comes, has a conversation of one session, goes, and comes again. */
async function person(server, index, signal) {
  for (let visit = 0; !signal.aborted; visit++) {
    await delay(1000 + index * 12_000 * Math.random(), undefined, { signal }).catch(() => {});
    const language = index % 3 === 1 ? "ru" : "en";
    const own = recordings.filter((name) => name.startsWith(language));
    const files = Array.from(
      { length: 5 + Math.floor(16 * Math.random()) },
      (_, sentence) => own[(visit * 7 + index * 5 + sentence) % own.length],
    );
    const client = createSttClient({ ...server, language });
    try {
      const ended = new Promise((resolve) => client.on("source_end", resolve));
      await client.start(conversation(files, signal), { signal });
      await ended;
      await client.stop();
    } catch {
      // Whose session was ended, or who found no place, comes again.
    } finally {
      await client.close();
    }
  }
}

/** Recordings with pauses between them, as one microphone; `ending` cuts it short. */
function conversation(files, ending) {
  return {
    format: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 },
    async *chunks(signal) {
      for (const file of files) {
        const speech = readFileSync(path.join(samples, file)).subarray(WAV_HEADER_BYTES);
        for (const pcm of [speech, new Uint8Array(BYTES_PER_MS * Math.round(2000 + 5000 * Math.random()))]) {
          const begin = performance.now();
          for (let at = 0; at < pcm.length && !signal.aborted && !ending.aborted; at += CHUNK_BYTES) {
            yield pcm.subarray(at, at + CHUNK_BYTES);
            await delay(Math.max(0, begin + at / BYTES_PER_MS - performance.now()));
          }
        }
      }
    },
    close: async () => {},
  };
}

function nowhere() {
  return { write: () => true };
}
