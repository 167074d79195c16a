// A recogniser of your own behind the whole server: voice detection, endpointing, scheduling and the wire come with it.
// Run after `npm run build`: node examples/custom-engine/main.mjs
import { fileURLToPath } from "node:url";
import { createSttClient, fileSource } from "@stt/client-node";
import { createServer } from "@stt/server";

/** "Recognises" how long somebody spoke. @type {import("@stt/core").TranscriptionEngine} */
const stopwatch = {
  info: {
    name: "stopwatch",
    model: "stopwatch",
    multilingual: true,
    requestedDevice: "cpu",
    actualDevice: "cpu",
    concurrency: 4,
    capabilities: {
      beamSearch: false,
      prompt: false,
      wordTimestamps: false,
      languageDetection: false,
      translation: false,
      abort: false,
      audioContext: false,
      maxAudioMs: 30_000,
    },
  },
  async transcribe(audio, { language }) {
    const audioMs = audio.length / 16; // 16 kHz mono
    const text = `${(audioMs / 1000).toFixed(1)} seconds of speech`;
    const segment = {
      text,
      startMs: 0,
      endMs: audioMs,
      noSpeechProbability: 0,
      averageLogProbability: 0,
      tokenCount: 4,
    };
    return { text, language, segments: [segment], audioMs, computeMs: 0 };
  },
  async close() {},
};

const server = createServer({ engine: stopwatch, config: { controlPort: 0, dataPort: 0 } });
const { dataPort } = await server.listen();
const client = createSttClient({ url: `ws://127.0.0.1:${dataPort}`, language: "en" });
const recording = fileURLToPath(new URL("../../samples/en_01.wav", import.meta.url));
console.log(await client.transcribe(await fileSource(recording)));
await client.close();
await server.close();
