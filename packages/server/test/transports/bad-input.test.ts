import { CloseCode, encodeAudioFrame } from "@stt/core";
import { FakeEngine, FakeVad } from "@stt/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RawSocket } from "../support/raw-socket.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const FORMAT = { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 };

let target: TestServer;
/** A well-behaved session that must not notice anything. */
let bystander: RawSocket;

beforeAll(async () => {
  target = await createTestServer({ maxFrameBytes: 8192 }, { engine: new FakeEngine(), vad: new FakeVad() });
  bystander = await RawSocket.start(target.url);
});

afterAll(async () => {
  bystander.close();
  await target.server.close();
});

async function bystanderIsFine(): Promise<void> {
  bystander.messages.length = 0;
  bystander.json({ type: "ping", id: 7 });
  expect(await bystander.next("pong")).toEqual({ type: "pong", id: 7 });
  expect(bystander.closed).toBeUndefined();
}

interface Mistake {
  what: string;
  /** Whether the session is opened first. */
  started: boolean;
  send(socket: RawSocket): void;
  code: string;
  says: RegExp;
  closes?: number;
}

const mistakes: Mistake[] = [
  {
    what: "text that is not JSON, before the start",
    started: false,
    send: (socket) => socket.text("hello {"),
    code: "bad_message",
    says: /not (valid )?JSON.*hello/i,
    closes: CloseCode.PROTOCOL_ERROR,
  },
  {
    what: "audio before the start",
    started: false,
    send: (socket) => socket.binary(encodeAudioFrame(0, new Uint8Array(320))),
    code: "audio_before_start",
    says: /"start"/,
    closes: CloseCode.PROTOCOL_ERROR,
  },
  {
    what: "another protocol version",
    started: false,
    send: (socket) => socket.json({ type: "start", protocol: 9, audio: FORMAT }),
    code: "unsupported_protocol",
    says: /version 9.*version 1/,
    closes: CloseCode.PROTOCOL_ERROR,
  },
  {
    what: "an unknown encoding",
    started: false,
    send: (socket) => socket.json({ type: "start", protocol: 1, audio: { ...FORMAT, encoding: "mp3" } }),
    code: "bad_message",
    says: /audio\.encoding.*"mp3".*pcm_s16le/,
    closes: CloseCode.PROTOCOL_ERROR,
  },
  {
    what: "an impossible sample rate",
    started: false,
    send: (socket) => socket.json({ type: "start", protocol: 1, audio: { ...FORMAT, sampleRate: 10 } }),
    code: "bad_message",
    says: /audio\.sampleRate.*10.*8000/,
    closes: CloseCode.PROTOCOL_ERROR,
  },
  {
    what: "a pattern that RE2 does not read, in the start",
    started: false,
    send: (socket) =>
      socket.json({
        type: "start",
        protocol: 1,
        audio: FORMAT,
        replace: [
          { find: "(ok)", replace: "x", pattern: true },
          { find: "(open", replace: "x" },
          { find: "(open", replace: "x", pattern: true },
        ],
      }),
    code: "bad_message",
    says: /"start", replace\[2\]\.find is "\(open"; it must be a pattern that RE2 reads \(missing closing \)\)/,
    closes: CloseCode.PROTOCOL_ERROR,
  },
  {
    what: "such a pattern in a running session",
    started: true,
    send: (socket) => socket.json({ type: "update", replace: [{ find: "a(?=b)", replace: "x", pattern: true }] }),
    code: "bad_message",
    says: /"update", replace\[0\]\.find.*invalid or unsupported Perl syntax: \(\?=/,
  },
  {
    what: "a command before the start",
    started: false,
    send: (socket) => socket.json({ type: "finalize" }),
    code: "invalid_state",
    says: /"finalize".*"start"/,
    closes: CloseCode.PROTOCOL_ERROR,
  },
  {
    what: "an unknown type in a running session",
    started: true,
    send: (socket) => socket.json({ type: "dance" }),
    code: "bad_message",
    says: /"dance"/,
  },
  {
    what: "text that is not JSON in a running session",
    started: true,
    send: (socket) => socket.text("]["),
    code: "bad_message",
    says: /JSON/,
  },
  {
    what: "a second start",
    started: true,
    send: (socket) => socket.json({ type: "start", protocol: 1, audio: FORMAT }),
    code: "invalid_state",
    says: /twice/,
  },
  {
    what: "a frame of an odd length",
    started: true,
    send: (socket) => socket.binary(encodeAudioFrame(0, new Uint8Array(321))),
    code: "bad_frame",
    says: /321 bytes.*multiple of 2/,
    closes: CloseCode.PROTOCOL_ERROR,
  },
  {
    what: "a frame shorter than its header",
    started: true,
    send: (socket) => socket.binary(new Uint8Array(5)),
    code: "bad_frame",
    says: /5 bytes/,
    closes: CloseCode.PROTOCOL_ERROR,
  },
  {
    what: "a frame above the limit",
    started: true,
    send: (socket) => socket.binary(encodeAudioFrame(0, new Uint8Array(9000))),
    code: "bad_frame",
    says: /9008 bytes.*at most 8192/,
    closes: CloseCode.PROTOCOL_ERROR,
  },
  {
    what: "a gap in the audio",
    started: true,
    send: (socket) => {
      socket.binary(encodeAudioFrame(0, new Uint8Array(320)));
      socket.binary(encodeAudioFrame(500, new Uint8Array(320)));
    },
    code: "audio_gap",
    says: /samples 160 to 499/,
    closes: CloseCode.PROTOCOL_ERROR,
  },
];

describe.each(mistakes)("$what", ({ started, send, code, says, closes }) => {
  it("is answered by an error that names it, and nobody else notices", async () => {
    const socket = started ? await RawSocket.start(target.url) : await RawSocket.open(target.url);
    send(socket);
    const error = await socket.next("error");
    expect(error.code).toBe(code);
    expect(error.message).toMatch(says);
    expect(error.fatal).toBe(closes !== undefined);
    if (closes !== undefined) expect((await socket.ended()).code).toBe(closes);
    else {
      socket.json({ type: "ping", id: 1 });
      await socket.next("pong");
    }
    socket.close();
    await bystanderIsFine();
  });
});

describe("a message beyond every bound", () => {
  it("ends its own connection only", async () => {
    const socket = await RawSocket.start(target.url);
    socket.binary(new Uint8Array(100_000));
    expect((await socket.ended()).code).toBe(CloseCode.MESSAGE_TOO_BIG);
    await bystanderIsFine();
  });
});

describe("a connection cut in the middle of a frame", () => {
  it("is forgotten at once", async () => {
    const before = target.server.sessions;
    const socket = await RawSocket.start(target.url);
    expect(target.server.sessions).toBe(before + 1);
    socket.binary(encodeAudioFrame(0, new Uint8Array(3200)));
    socket.close();
    await expect.poll(() => target.server.sessions).toBe(before);
    await bystanderIsFine();
  });
});

describe("audio and commands that follow the start at once", () => {
  it("wait for the session, and nothing is lost", async () => {
    const socket = await RawSocket.open(target.url);
    socket.json({ type: "start", protocol: 1, audio: FORMAT });
    socket.binary(encodeAudioFrame(0, new Uint8Array(2000)));
    socket.binary(encodeAudioFrame(1000, new Uint8Array(2000)));
    socket.json({ type: "stop" });
    await socket.next("end");
    expect(socket.messages.map(({ type }) => type)[0]).toBe("ready");
    const acks = socket.messages.filter((message) => message.type === "ack");
    expect(acks.at(-1)).toMatchObject({ receivedSamples: 2000 });
  });
});

describe("the same samples sent twice", () => {
  it("count once", async () => {
    const socket = await RawSocket.start(target.url);
    const frame = encodeAudioFrame(0, new Uint8Array(4000));
    socket.binary(frame);
    socket.binary(frame);
    socket.binary(encodeAudioFrame(1000, new Uint8Array(4000)));
    socket.json({ type: "stop" });
    await socket.next("end");
    const acks = socket.messages.filter((message) => message.type === "ack");
    expect(acks.at(-1)).toMatchObject({ receivedSamples: 3000 });
    expect((await socket.ended()).code).toBe(CloseCode.NORMAL);
  });
});
