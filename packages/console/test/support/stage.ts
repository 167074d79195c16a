/** Servers, pages and people of one test, who go with it. */
import { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { createSttClient } from "@stt/client-node";
import type { AudioSource, SttClient } from "@stt/core";
import { createLogger } from "@stt/server";
import { onTestFinished } from "vitest";
import { sample } from "../../../client-web/test/support/chromium.js";
import { createTestServer, type TestServer } from "../../../server/test/support/test-server.js";
import { type ConsoleOptions, ConsolePage } from "./console-page.js";

/** A server that keeps its log and samples four times a second, or as it is told. */
export async function serve(
  config: Parameters<typeof createTestServer>[0] = {},
  historyStepMs = 250,
): Promise<TestServer> {
  const destination = new Writable({ write: (_chunk, _encoding, done) => done() });
  const log = createLogger({ level: "info", format: "json", destination });
  const target = await createTestServer({ postSpeechSilenceDurationMs: 600, ...config }, { log, historyStepMs });
  onTestFinished(() => target.server.close());
  return target;
}

export async function look({ http }: TestServer, options?: ConsoleOptions): Promise<ConsolePage> {
  const opened = await ConsolePage.open(http, options);
  onTestFinished(() => opened.close());
  return opened;
}

export interface SpeakerOptions {
  token?: string;
  /** Recording of `samples/`. @default a sentence */
  says?: string;
}

/** Somebody who says something at the pace of speech and then stays, silent. */
export async function speaker({ url }: TestServer, { token, says = "en_01" }: SpeakerOptions = {}): Promise<SttClient> {
  const client = createSttClient({ url, ...(token ? { token } : {}) });
  onTestFinished(() => client.close());
  await client.start(voice(sample(says).subarray(44)));
  return client;
}

const CHUNK_MS = 50;
const CHUNK_BYTES = 32 * CHUNK_MS;

function voice(speech: Uint8Array): AudioSource {
  const silence = new Uint8Array(CHUNK_BYTES);
  return {
    format: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 },
    async *chunks(signal) {
      for (let at = 0; !signal.aborted; at += CHUNK_BYTES) {
        yield at < speech.length ? speech.subarray(at, at + CHUNK_BYTES) : silence;
        await delay(CHUNK_MS);
      }
    },
    close: async () => {},
  };
}
