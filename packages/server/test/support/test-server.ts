import type { Config } from "@stt/core/config";
import type { BoundPorts, CreateServerOptions, SttServer } from "../../src/index.js";
import { createServer } from "../../src/index.js";

export interface TestServer {
  server: SttServer;
  ports: BoundPorts;
  /** Of the native stream on the data listener. */
  url: string;
  /** Of the HTTP application on the control listener. */
  http: string;
}

/** What every test server has: free ports, the built-in model, and a beam that two cores decode fast. */
export const TEST_CONFIG: Partial<Config> = {
  controlPort: 0,
  dataPort: 0,
  whisperModel: "micro",
  realtimeModelType: "micro",
  beamSize: 1,
  beamSizeRealtime: 1,
  // The windows that `micro` was trained with; Whisper's own models want wider ones.
  finalAudioContext: 256,
  partialAudioContext: 256,
  // Test files run side by side: two-threaded decodes would wait for each other at every barrier.
  whisperThreads: 1,
};

/** Utterances that end after 400 ms of silence, whatever was said: where a test has to know their number. */
export const EXACT_ENDS: Partial<Config> = {
  postSpeechSilenceDurationMs: 400,
  minLengthOfRecordingMs: 0,
  adaptiveEndpointing: false,
};

/** A listening server; the caller closes it. */
export async function createTestServer(
  config: Partial<Config> = {},
  options: Omit<CreateServerOptions, "config"> = {},
): Promise<TestServer> {
  const server = createServer({ ...options, config: { ...TEST_CONFIG, ...config } });
  const ports = await server.listen();
  return {
    server,
    ports,
    url: `ws://127.0.0.1:${ports.dataPort}/v1/stream`,
    http: `http://127.0.0.1:${ports.controlPort}`,
  };
}
