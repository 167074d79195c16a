import { FakeEngine, FakeVad } from "@stt/core/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type DataMessage,
  dataFrame,
  metadataOf,
  RealtimeSttClient,
  WireSocket,
} from "../support/realtimestt-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

let target: TestServer;
/** A well-behaved client that must not notice anything. */
let bystander: RealtimeSttClient;
let socket: WireSocket<DataMessage>;

beforeAll(async () => {
  target = await createTestServer({ maxFrameBytes: 8192 }, { engine: new FakeEngine(), vad: new FakeVad() });
  bystander = await RealtimeSttClient.connect(target.ports);
  await bystander.type("vad_detect_start");
});
afterAll(async () => {
  bystander.close();
  await target.server.close();
});
afterEach(() => socket?.close());

const PCM = Buffer.alloc(512);
const lengthOnly = (length: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return bytes;
};

const mistakes: [string, Buffer, RegExp][] = [
  ["an empty message", Buffer.alloc(0), /0 bytes/],
  ["less than a metadata length", Buffer.from([1, 2]), /2 bytes; the metadata length alone has 4/],
  [
    "a metadata length beyond the message",
    Buffer.concat([lengthOnly(500), PCM.subarray(0, 20)]),
    /500 bytes, but only 20/,
  ],
  ["a huge metadata length", Buffer.concat([lengthOnly(0xffff_ffff), PCM]), /4294967295 bytes; at most 16384/],
  ["metadata of no length", dataFrame(PCM, ""), /not JSON/],
  ["metadata that is not JSON", dataFrame(PCM, "{sampleRate:"), /not JSON/],
  ["metadata that is not UTF-8", dataFrame(PCM, Buffer.from([0xff, 0xfe, 0x00])), /not JSON/],
  ["metadata that is a number", dataFrame(PCM, "5"), /no sampleRate/],
  ["metadata that is null", dataFrame(PCM, "null"), /no sampleRate/],
  ["no sampleRate", dataFrame(PCM, '{"server_sent_to_stt": 1.5}'), /no sampleRate/],
  ["a sampleRate of null", dataFrame(PCM, metadataOf("null")), /sampleRate is null/],
  ["a sampleRate that is a text", dataFrame(PCM, metadataOf('"16000"')), /sampleRate is "16000"/],
  ["a negative sampleRate", dataFrame(PCM, metadataOf(-16_000)), /-16000; allowed is 8000 to 192000/],
  ["a sampleRate of zero", dataFrame(PCM, metadataOf(0)), /sampleRate is 0/],
  ["a sampleRate of NaN", dataFrame(PCM, metadataOf("NaN")), /not JSON/],
  ["an endless sampleRate", dataFrame(PCM, metadataOf("1e999")), /sampleRate is null/],
  ["an odd number of bytes", dataFrame(PCM.subarray(0, 511), metadataOf(16_000)), /511 bytes of PCM/],
  ["a frame above the limit", dataFrame(Buffer.alloc(9000), metadataOf(16_000)), /at most 8192/],
];

describe.each(mistakes)("%s", (_what, bytes, says) => {
  it("closes its own socket with 1011 and the reason, and nobody else's", async () => {
    socket = await WireSocket.open(target.ports.dataPort);
    await socket.next(({ type }) => type === "vad_detect_start");
    socket.send(dataFrame(PCM, metadataOf("44100.0")));
    socket.send(bytes);
    const { code, reason } = await socket.ended();
    expect(code).toBe(1011);
    expect(reason).toMatch(says);
    expect(bystander.data.closed).toBeUndefined();
    expect(await bystander.get("is_recording")).toBe(false);
  });
});

it("a rate that keeps changing, which costs everybody, is not followed for ever", async () => {
  socket = await WireSocket.open(target.ports.dataPort);
  for (let i = 0; i < 60; i++) socket.send(dataFrame(PCM, metadataOf(i % 2 === 0 ? 16_000 : 48_000)));
  expect(await socket.ended()).toMatchObject({ code: 1011, reason: expect.stringMatching(/keeps changing/) });
});

it("a rate that a client measures, and that trembles, is one rate", async () => {
  socket = await WireSocket.open(target.ports.dataPort);
  for (let i = 0; i < 200; i++) socket.send(dataFrame(PCM, metadataOf(44_100 + Math.sin(i) * 20)));
  socket.send(dataFrame(PCM, metadataOf(0)));
  expect((await socket.ended()).reason).toMatch(/sampleRate is 0/);
});

it("text on the data socket means nothing", async () => {
  socket = await WireSocket.open(target.ports.dataPort);
  socket.send("hello");
  socket.send(JSON.stringify({ command: "call_method", method: "shutdown" }));
  socket.send(dataFrame(PCM, metadataOf(0)));
  // What came after the texts was read: they neither closed the socket nor were answered.
  expect((await socket.ended()).reason).toMatch(/sampleRate is 0/);
  expect(socket.messages).toEqual([{ type: "vad_detect_start" }]);
});

it("a client that goes away in the middle of a frame takes nobody along", async () => {
  for (let i = 0; i < 10; i++) {
    const gone = await WireSocket.open(target.ports.dataPort);
    gone.send(dataFrame(PCM, metadataOf(16_000)));
    gone.close();
  }
  expect(await bystander.get("is_recording")).toBe(false);
});
