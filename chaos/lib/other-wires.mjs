/** Clients of the two wires that have no way to be asked elsewhere. */
import { once } from "node:events";
import { createRequire } from "node:module";

const { WebSocket } = createRequire(new URL("../../packages/server/package.json", import.meta.url))("ws");

const SERVICE_RESTART = 1012;
/** The Realtime wire takes 24 kHz. */
const UPSAMPLING = 1.5;

/**
 * Opens one client of each kind, which says `sentence` and then neither falls silent nor commits.
 *
 * @param {number} port
 * @param {Buffer} pcm of the sentence, 16 kHz mono
 * @returns {Promise<{ outcome(): Promise<string[]> }>} `outcome` waits until all are closed and tells what is wrong
 */
export async function openOtherWires(port, pcm, sentence) {
  const clients = await Promise.all([
    realtimeStt(port, pcm),
    realtime(port, pcm, null),
    realtime(port, pcm, { type: "server_vad", silence_duration_ms: 8000 }),
  ]);
  return {
    async outcome() {
      const failures = [];
      for (const { name, heard, closed } of clients) {
        const code = await closed;
        if (code !== SERVICE_RESTART) failures.push(`${name} was closed with ${code}`);
        if (heard.join(" ") !== sentence) failures.push(`${name} heard ${JSON.stringify(heard)}`);
      }
      return failures;
    },
  };
}

async function open(name, url, onMessage) {
  const socket = new WebSocket(url);
  const client = { name, socket, heard: [] };
  client.closed = new Promise((resolve) => {
    socket.on("close", resolve);
  });
  socket.on("message", (data) => onMessage(JSON.parse(String(data)), client));
  await once(socket, "open");
  return client;
}

async function realtimeStt(port, pcm) {
  const client = await open("a RealtimeSTT client", `ws://127.0.0.1:${port}/`, (message, { heard }) => {
    if (message.type === "fullSentence") heard.push(message.text);
  });
  const metadata = Buffer.from('{"sampleRate": 16000}');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(metadata.length);
  for (let at = 0; at < pcm.length; at += 2048) {
    client.socket.send(Buffer.concat([length, metadata, pcm.subarray(at, at + 2048)]));
  }
  return client;
}

async function realtime(port, pcm, turnDetection) {
  const name = `a Realtime client with ${turnDetection ? "the server's" : "manual"} turns`;
  const url = `ws://127.0.0.1:${port}/v1/realtime?intent=transcription`;
  const client = await open(name, url, (event, { heard }) => {
    if (event.type === "conversation.item.input_audio_transcription.completed") heard.push(event.transcript);
  });
  const say = (event) => client.socket.send(JSON.stringify(event));
  const input = { transcription: { language: "en" }, turn_detection: turnDetection };
  say({ type: "session.update", session: { type: "transcription", audio: { input } } });
  const audio = upsampled(pcm);
  for (let at = 0; at < audio.length; at += 4800) {
    say({ type: "input_audio_buffer.append", audio: audio.subarray(at, at + 4800).toString("base64") });
  }
  return client;
}

/** Linear interpolation: good enough for a voice that the model knows. */
function upsampled(pcm) {
  const samples = pcm.length / 2;
  const result = Buffer.alloc(2 * Math.floor(samples * UPSAMPLING));
  for (let i = 0; i < result.length / 2; i++) {
    const at = i / UPSAMPLING;
    const left = Math.floor(at);
    const [a, b] = [pcm.readInt16LE(2 * left), pcm.readInt16LE(2 * Math.min(left + 1, samples - 1))];
    result.writeInt16LE(Math.round(a + (b - a) * (at - left)), 2 * i);
  }
  return result;
}
