/** Calls of both telephone wires, to the event. Their words are a fake engine's. */
import { once } from "node:events";
import { encodePcm } from "@stt/core";
import { concatSamples, FakeEngine, FakeVad, silenceSamples, toneSamples } from "@stt/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { AudioSocketKind, audioSocketMessage } from "../../src/transports/telephony/audiosocket-framer.js";
import { signatureOf } from "../../src/transports/telephony/call-webhook.js";
import { twilioSignature } from "../../src/transports/telephony/twilio-signature.js";
import { freePort } from "../support/free-port.js";
import { python, WITHOUT_PYTHON } from "../support/python-clients.js";
import { tcpClient } from "../support/tcp-client.js";
import { createTestServer, EXACT_ENDS, type TestServer } from "../support/test-server.js";
import { muLaw, receiver, subscribe } from "./support.js";

const KEY = "telephony-test-0123456789abcdef01";
const TWILIO_TOKEN = "12345678901234567890123456789012";
const ID = "01234567-89ab-cdef-0123-456789abcdef";
const SECRET = "a secret between two";

let target: TestServer;
let port: number;
afterEach(() => target?.server.close());

async function serve(config: Parameters<typeof createTestServer>[0] = {}): Promise<void> {
  port = await freePort();
  const engine = new FakeEngine({ answers: (call) => `${Math.round(call.audio.length / 16_000)} seconds` });
  target = await createTestServer(
    {
      ...EXACT_ENDS,
      hallucinationFilter: false,
      audiosocketPort: port,
      twilioAuthToken: TWILIO_TOKEN,
      ...config,
    },
    { engine, vad: new FakeVad() },
  );
}

function pcm(speechMs: number, silenceMs = 600): Buffer {
  const at16k = encodePcm(concatSamples(toneSamples(300, speechMs), silenceSamples(silenceMs)), "pcm_s16le");
  // Every second sample: 8 kHz.
  const bytes = Buffer.from(at16k);
  return Buffer.from(Int16Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt16LE(4 * i)).buffer);
}

/** What Asterisk sends: messages of 20 ms. */
async function asterisk(): Promise<Awaited<ReturnType<typeof tcpClient>> & { audio(pcm: Buffer): void }> {
  const client = await tcpClient(port);
  client.socket.write(audioSocketMessage(AudioSocketKind.ID, Buffer.from(ID.replaceAll("-", ""), "hex")));
  const audio = (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; at += 320)
      client.socket.write(audioSocketMessage(AudioSocketKind.AUDIO, bytes.subarray(at, at + 320)));
  };
  return { ...client, audio };
}

/** What Twilio sends. */
async function twilio(path = "/v1/twilio", token = TWILIO_TOKEN): Promise<WebSocket> {
  const { dataPort } = target.ports;
  const signed = twilioSignature(token, `wss://127.0.0.1:${dataPort}${path}`);
  const socket = new WebSocket(`ws://127.0.0.1:${dataPort}${path}`, { headers: { "x-twilio-signature": signed } });
  await once(socket, "open");
  return socket;
}

const say = (socket: WebSocket, message: object) => socket.send(JSON.stringify(message));

function start(more: { tracks?: string[]; customParameters?: Record<string, string> } = {}): object {
  const mediaFormat = { encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1 };
  return { event: "start", start: { streamSid: "MZ1", accountSid: "AC1", callSid: "CA1", mediaFormat, ...more } };
}

describe("AudioSocket", () => {
  it("gives the text of a call to who subscribed, and all of it at its end", async () => {
    await serve();
    const { events, ended } = await subscribe(target.ports.dataPort);
    const call = await asterisk();
    call.audio(pcm(1000));
    call.socket.write(audioSocketMessage(AudioSocketKind.DTMF, Buffer.from("5")));
    call.audio(pcm(2000));
    call.socket.write(audioSocketMessage(AudioSocketKind.HANGUP));
    expect(await ended(ID)).toMatchObject({ text: "1 seconds. 2 seconds.", audioMs: 4200 });
    await call.closed;
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i));
    expect(events[0]).toMatchObject({ type: "call_start", call: ID, wire: "audiosocket" });
    expect(events.filter(({ type }) => type === "final")).toHaveLength(2);
    expect(events.find(({ type }) => type === "dtmf")).toMatchObject({ digit: "5" });
    expect(target.server.sessions).toBe(0);
  });

  it("loses no word of a caller whose line is cut in mid-sentence", async () => {
    await serve();
    const { ended } = await subscribe(target.ports.dataPort);
    const call = await asterisk();
    call.audio(pcm(1000, 0));
    call.socket.end();
    expect(await ended(ID)).toMatchObject({ text: "1 seconds." });
  });

  it.each([
    ["an unknown kind", Buffer.from([0x42, 0, 0])],
    ["audio before an id", audioSocketMessage(AudioSocketKind.AUDIO, Buffer.alloc(320))],
    [
      "half a sample",
      Buffer.concat([
        audioSocketMessage(AudioSocketKind.ID, Buffer.alloc(16)),
        audioSocketMessage(AudioSocketKind.AUDIO, Buffer.alloc(3)),
      ]),
    ],
    ["an id of another length", audioSocketMessage(AudioSocketKind.ID, Buffer.alloc(4))],
  ])("hangs up on %s", async (_, bytes) => {
    await serve();
    const client = await tcpClient(port);
    client.socket.write(bytes);
    await client.closed;
    expect(client.received()).toEqual(audioSocketMessage(AudioSocketKind.HANGUP));
  });

  it("is refused by a server with keys that was given none for it", async () => {
    await serve({ apiKeys: `phone:${KEY}` });
    const client = await tcpClient(port);
    await client.closed;
    expect(client.received()).toEqual(audioSocketMessage(AudioSocketKind.HANGUP));
  });
});

describe("Twilio", () => {
  it("gives the text of the caller, with the parameters of the call, and tells what it does not hear", async () => {
    await serve();
    const { events, ended } = await subscribe(target.ports.dataPort, "?call=CA1");
    const socket = await twilio();
    say(socket, { event: "connected", protocol: "Call", version: "1.0.0" });
    say(socket, start({ tracks: ["inbound", "outbound"], customParameters: { language: "ru", order: "42" } }));
    const payload = muLaw(pcm(1000)).toString("base64");
    say(socket, { event: "media", media: { track: "outbound", chunk: "1", timestamp: "0", payload } });
    say(socket, { event: "media", media: { track: "inbound", chunk: "1", timestamp: "0", payload } });
    say(socket, { event: "stop", stop: { accountSid: "AC1", callSid: "CA1" } });
    expect(await ended("CA1")).toMatchObject({ text: "1 seconds.", audioMs: 1600 });
    expect(events[0]).toMatchObject({ wire: "twilio", parameters: { order: "42" }, ignored: ["track outbound"] });
    expect(events.find(({ type }) => type === "final")).toMatchObject({ language: "ru" });
  });

  it.each([
    ["no signature", undefined],
    ["another account's", twilioSignature("another", "wss://127.0.0.1/v1/twilio")],
  ])("is refused with 401: %s", async (_, signature) => {
    await serve();
    const headers = signature === undefined ? {} : { "x-twilio-signature": signature };
    const socket = new WebSocket(`ws://127.0.0.1:${target.ports.dataPort}/v1/twilio`, { headers });
    socket.on("error", () => {});
    const [, response] = await once(socket, "unexpected-response");
    expect(response.statusCode).toBe(401);
  });

  it("behind a proxy is known by TWILIO_STREAM_URL", async () => {
    const url = "wss://example.org/phone/stream";
    await serve({ twilioStreamUrl: url });
    const headers = { "x-twilio-signature": twilioSignature(TWILIO_TOKEN, url) };
    const socket = new WebSocket(`ws://127.0.0.1:${target.ports.dataPort}/v1/twilio`, { headers });
    await once(socket, "open");
    socket.close();
  });

  it.each([
    ["no JSON", "hello"],
    ["a format that it does not have", JSON.stringify(start({})).replace("8000", "16000")],
    ["audio before the call", JSON.stringify({ event: "media", media: { payload: "AAAA" } })],
    ["audio that is no base64", JSON.stringify({ event: "media", media: { payload: "*" } })],
  ])("closes with 1008 after %s", async (_, text) => {
    await serve();
    const socket = await twilio();
    socket.send(text);
    const [code] = await once(socket, "close");
    expect(code).toBe(1008);
  });

  it.skipIf(WITHOUT_PYTHON)(`signs as Twilio's own library does${WITHOUT_PYTHON}`, async () => {
    const url = "wss://example.org/v1/twilio";
    const script =
      "import sys; from twilio.request_validator import RequestValidator; print(RequestValidator(sys.argv[1]).compute_signature(sys.argv[2], {}))";
    expect(twilioSignature(TWILIO_TOKEN, url)).toBe(await python(script, TWILIO_TOKEN, url));
  });
});

describe("who listens", () => {
  it("hears the calls of its own key only; an admin hears all", async () => {
    const other = "other-key-0123456789abcdef0123456";
    const admin = "admin-key-0123456789abcdef0123456";
    await serve({ apiKeys: `phone:${KEY}, other:${other}, boss:${admin}:admin`, telephonyKey: KEY });
    const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
    const { dataPort } = target.ports;
    const own = await subscribe(dataPort, "", bearer(KEY));
    const foreign = await subscribe(dataPort, "", bearer(other));
    const boss = await subscribe(dataPort, "", bearer(admin));
    const call = await asterisk();
    call.audio(pcm(1000));
    call.socket.write(audioSocketMessage(AudioSocketKind.HANGUP));
    await own.ended(ID);
    await boss.ended(ID);
    expect(foreign.events).toEqual([]);
  });

  it("as a webhook gets every event but live text, in order, signed; what fails comes again", async () => {
    const { url, requests } = await receiver((n) => (n === 2 ? 503 : 204));
    await serve({ callWebhookUrl: url, callWebhookSecret: SECRET });
    const call = await asterisk();
    call.audio(pcm(1000));
    call.socket.write(audioSocketMessage(AudioSocketKind.HANGUP));
    await vi.waitFor(() => expect(requests).toHaveLength(4), { timeout: 10_000 });
    const types = requests.map(({ body }) => JSON.parse(body).type);
    expect(types).toEqual(["call_start", "final", "final", "call_end"]);
    expect(requests[1]!.body).toBe(requests[2]!.body);
    for (const { headers, body } of requests) {
      const [, seconds, given] = /^t=(\d+),v1=([\da-f]{64})$/.exec(String(headers["stt-signature"]))!;
      expect(given).toBe(signatureOf(SECRET, Number(seconds), body));
    }
  });

  it("as a webhook is not asked again when it says that a request is wrong, and gets the next one", async () => {
    const { url, requests } = await receiver((n) => (n === 1 ? 400 : 204));
    await serve({ callWebhookUrl: url, callWebhookSecret: SECRET });
    const call = await asterisk();
    call.audio(pcm(1000));
    call.socket.write(audioSocketMessage(AudioSocketKind.HANGUP));
    await vi.waitFor(() =>
      expect(requests.map(({ body }) => JSON.parse(body).type)).toEqual(["call_start", "final", "call_end"]),
    );
  });

  it("as a webhook needs a secret", () => {
    const config = { callWebhookUrl: "https://example.org/calls", audiosocketPort: 9 };
    return expect(createTestServer(config)).rejects.toMatchObject({ code: "invalid_config" });
  });
});

describe("metrics", () => {
  it("tell telephone audio from wide band", async () => {
    await serve();
    const { ended } = await subscribe(target.ports.dataPort);
    const call = await asterisk();
    call.audio(pcm(1000));
    call.socket.write(audioSocketMessage(AudioSocketKind.HANGUP));
    await ended(ID);
    const text = await (await fetch(`${target.http}/metrics`)).text();
    expect(text).toContain('stt_wire_audio_seconds_total{wire="audiosocket",band="telephone"} 1.6');
  });
});
