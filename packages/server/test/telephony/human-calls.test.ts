/** People's voices over a telephone's 8 kHz, on both wires, with the model that comes with the server. */
import { once } from "node:events";
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { AudioSocketKind, audioSocketMessage } from "../../src/transports/telephony/audiosocket-framer.js";
import { twilioSignature } from "../../src/transports/telephony/twilio-signature.js";
import { freePort } from "../support/free-port.js";
import { BASE_MODEL, human } from "../support/human.js";
import { tcpClient } from "../support/tcp-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";
import { muLaw, subscribe, telephonePcm } from "./support.js";

const TOKEN = "12345678901234567890123456789012";
const ID = "00000000-0000-0000-0000-000000000001";

let target: TestServer;
let port: number;
beforeAll(async () => {
  port = await freePort();
  target = await createTestServer({ ...BASE_MODEL, language: "ru", audiosocketPort: port, twilioAuthToken: TOKEN });
}, 120_000);
afterAll(() => target?.server.close());

describe("what a caller says comes back in his words", { timeout: 120_000 }, () => {
  it.each(["ru_invalid_number", "ru_all_busy"])("over AudioSocket: %s", async (name) => {
    const { path, text } = human(name);
    const { ended } = await subscribe(target.ports.dataPort);
    const { socket } = await tcpClient(port);
    socket.write(audioSocketMessage(AudioSocketKind.ID, Buffer.from(ID.replaceAll("-", ""), "hex")));
    const pcm = telephonePcm(path);
    for (let at = 0; at < pcm.length; at += 320)
      socket.write(audioSocketMessage(AudioSocketKind.AUDIO, pcm.subarray(at, at + 320)));
    socket.write(audioSocketMessage(AudioSocketKind.HANGUP));
    const end = await ended(ID);
    expect(wordErrorRate(text, end.text).errors, end.text).toBe(0);
  });

  it("over Twilio's mu-law", async () => {
    const { path, text } = human("ru_invalid_number");
    const { events, ended } = await subscribe(target.ports.dataPort);
    const url = `127.0.0.1:${target.ports.dataPort}/v1/twilio`;
    const headers = { "x-twilio-signature": twilioSignature(TOKEN, `wss://${url}`) };
    const socket = new WebSocket(`ws://${url}`, { headers });
    await once(socket, "open");
    const mediaFormat = { encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1 };
    const start = { streamSid: "MZ1", accountSid: "AC1", callSid: "CA1", tracks: ["inbound"], mediaFormat };
    socket.send(JSON.stringify({ event: "start", sequenceNumber: "1", streamSid: "MZ1", start }));
    const audio = muLaw(telephonePcm(path));
    for (let at = 0; at < audio.length; at += 160) {
      const media = { track: "inbound", chunk: "1", timestamp: "0", payload: audio.toString("base64", at, at + 160) };
      socket.send(JSON.stringify({ event: "media", streamSid: "MZ1", media }));
    }
    socket.send(JSON.stringify({ event: "stop", streamSid: "MZ1" }));
    const end = await ended("CA1");
    // Companding costs a word: base hears an "И" in front.
    expect(wordErrorRate(text, end.text).errors, end.text).toBeLessThanOrEqual(1);
    const finals = events.filter((event) => event.type === "final");
    expect(finals.every(({ words = [] }) => words.length > 0)).toBe(true);
  });
});
