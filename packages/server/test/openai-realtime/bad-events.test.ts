import { CloseCode } from "@stt/core";
import { FakeEngine, FakeVad } from "@stt/core/testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestServer, type TestServer } from "../support/test-server.js";
import { RealtimeSocket } from "./realtime-socket.js";

let target: TestServer;
let url: string;
/** A well-behaved session that must not notice anything. */
let bystander: RealtimeSocket;
const open: RealtimeSocket[] = [];

beforeAll(async () => {
  target = await createTestServer({ maxFrameBytes: 8192 }, { engine: new FakeEngine(), vad: new FakeVad() });
  url = `ws://127.0.0.1:${target.ports.controlPort}/v1/realtime?intent=transcription`;
  bystander = await RealtimeSocket.open(url);
  await bystander.next("session.created");
});

afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

afterAll(async () => {
  bystander.close();
  await target.server.close();
});

async function connect(): Promise<RealtimeSocket> {
  const socket = await RealtimeSocket.open(url);
  open.push(socket);
  await socket.next("session.created");
  return socket;
}

const update = (input: object) => ({
  type: "session.update",
  event_id: "mine",
  session: { type: "transcription", audio: { input } },
});

interface Mistake {
  what: string;
  event: object;
  code: string;
  param?: string;
  says: RegExp;
}

const mistakes: Mistake[] = [
  { what: "no type", event: {}, code: "missing_required_parameter", param: "type", says: /'type'/ },
  { what: "a type that is no text", event: { type: 7 }, code: "missing_required_parameter", says: /'type'/ },
  {
    what: "an unknown type",
    event: { type: "response.create" },
    code: "invalid_value",
    param: "type",
    says: /'response.create'.*input_audio_buffer.append/,
  },
  { what: "a type from the prototype", event: { type: "constructor" }, code: "invalid_value", says: /'constructor'/ },
  {
    what: "an append without audio",
    event: { type: "input_audio_buffer.append" },
    code: "missing_required_parameter",
    param: "audio",
    says: /'audio'/,
  },
  {
    what: "audio that is a number",
    event: { type: "input_audio_buffer.append", audio: 5 },
    code: "invalid_type",
    param: "audio",
    says: /'audio'.*string.*5/,
  },
  {
    what: "audio that is no base64",
    event: { type: "input_audio_buffer.append", audio: "{not base64}" },
    code: "invalid_value",
    param: "audio",
    says: /base64/,
  },
  {
    what: "base64 of an impossible length",
    event: { type: "input_audio_buffer.append", audio: "AAAAA" },
    code: "invalid_value",
    says: /base64/,
  },
  {
    what: "a commit of nothing",
    event: { type: "input_audio_buffer.commit" },
    code: "input_audio_buffer_commit_empty",
    says: /buffer too small/,
  },
  {
    what: "a session that is none",
    event: { type: "session.update", session: null },
    code: "invalid_type",
    param: "session",
    says: /'session'.*object.*null/,
  },
  {
    what: "a session of another type",
    event: { type: "session.update", session: { type: "realtime" } },
    code: "invalid_value",
    param: "session.type",
    says: /transcription sessions only.*realtime/,
  },
  {
    what: "an unknown format",
    event: update({ format: { type: "audio/mp3" } }),
    code: "invalid_value",
    param: "session.audio.input.format.type",
    says: /audio\/pcm.*audio\/mp3/,
  },
  {
    what: "an impossible rate",
    event: update({ format: { type: "audio/pcm", rate: 10 } }),
    code: "invalid_value",
    param: "session.audio.input.format.rate",
    says: /8000.*10/,
  },
  {
    what: "an unknown language",
    event: update({ transcription: { language: "tlh" } }),
    code: "invalid_value",
    param: "session.audio.input.transcription.language",
    says: /language that Whisper knows, such as en.*tlh/,
  },
  {
    what: "a prompt without end",
    event: update({ transcription: { prompt: "x".repeat(2001) } }),
    code: "invalid_value",
    param: "session.audio.input.transcription.prompt",
    says: /2000/,
  },
  {
    what: "more keywords than are taken",
    event: update({ transcription: { keywords: new Array(501).fill("a") } }),
    code: "invalid_value",
    param: "session.audio.input.transcription.keywords",
    says: /at most 500 terms/,
  },
  {
    what: "a keyword with control characters",
    event: update({ transcription: { keywords: ["ok", "\u001b[2J"] } }),
    code: "invalid_value",
    param: "session.audio.input.transcription.keywords.1",
    says: /at most 500 terms/,
  },
  {
    what: "a threshold out of range",
    event: update({ turn_detection: { type: "server_vad", threshold: 1.5 } }),
    code: "invalid_value",
    param: "session.audio.input.turn_detection.threshold",
    says: /1.*1\.5/,
  },
  {
    what: "an unknown turn detection",
    event: update({ turn_detection: { type: "telepathy" } }),
    code: "invalid_value",
    param: "session.audio.input.turn_detection.type",
    says: /server_vad.*telepathy/,
  },
  {
    what: "a format of the other shape",
    event: { type: "transcription_session.update", session: { input_audio_format: "audio/pcm" } },
    code: "invalid_value",
    param: "session.input_audio_format",
    says: /pcm16.*audio\/pcm/,
  },
  {
    what: "an event above the limit",
    event: { type: "input_audio_buffer.append", audio: "A".repeat(30_000) },
    code: "message_too_large",
    says: /30\d\d\d bytes.*at most 27307/,
  },
];

describe.each(mistakes)("$what", ({ event, code, param, says }) => {
  it("is answered by an error that names it; the session and everybody else's go on", async () => {
    const socket = await connect();
    socket.send({ ...event, event_id: "mine" });
    await socket.next("error");
    const [problem] = socket.errors;
    expect(problem).toMatchObject({ type: "invalid_request_error", code, ...(param !== undefined && { param }) });
    expect(problem!.message).toMatch(says);
    // One that is too large is not even read.
    if (code !== "message_too_large") expect(problem!.event_id).toBe("mine");

    for (const each of [socket, bystander]) {
      const count = each.of("session.updated").length + 1;
      each.send({ type: "session.update", session: { type: "transcription" } });
      await each.next("session.updated", count);
      expect(each.closed).toBeUndefined();
    }
    expect(bystander.errors).toEqual([]);
  });
});

describe.each([
  ["text that is not JSON", "hello {", "invalid_json", /not valid JSON.*hello/],
  ["JSON that is no object", "[1]", "missing_required_parameter", /'type'/],
  ["JSON null", "null", "missing_required_parameter", /'type'/],
  ["a binary message", Buffer.from([1, 2, 3]), "invalid_message", /base64/],
])("%s", (_what, data, code, says) => {
  it("is answered by an error, and the session goes on", async () => {
    const socket = await connect();
    socket.socket.send(data);
    await socket.next("error");
    expect(socket.errors).toMatchObject([{ code, message: expect.stringMatching(says) }]);
    socket.send({ type: "session.update", session: { type: "transcription" } });
    await socket.next("session.updated");
  });
});

it("a message far above the limit closes this socket only", async () => {
  const socket = await connect();
  socket.send({ type: "input_audio_buffer.append", audio: "A".repeat(100_000) });
  expect((await socket.ended()).code).toBe(CloseCode.MESSAGE_TOO_BIG);
  expect(bystander.closed).toBeUndefined();
});

it("a format that changes after the first audio is refused, and the old one stays", async () => {
  const socket = await connect();
  socket.send({ type: "input_audio_buffer.append", audio: Buffer.alloc(4800).toString("base64") });
  socket.send(update({ format: { type: "audio/pcmu" } }));
  await socket.next("error");
  expect(socket.errors).toMatchObject([{ param: "session.audio.input.format", event_id: "mine" }]);
  socket.send({ type: "session.update", session: { type: "transcription" } });
  const { session } = await socket.next("session.updated");
  expect(session).toMatchObject({ audio: { input: { format: { type: "audio/pcm", rate: 24_000 } } } });
});

describe("a URL that asks for something else", () => {
  it.each(["conversation", "translation", ""])("is refused with an error event: intent=%s", async (intent) => {
    const socket = await RealtimeSocket.open(`${url.split("?")[0]}?intent=${intent}`);
    await socket.next("error");
    expect(socket.errors).toMatchObject([{ code: "invalid_intent", param: "intent" }]);
    expect(socket.errors[0]!.message).toContain("intent=transcription");
    expect((await socket.ended()).code).toBe(CloseCode.PROTOCOL_ERROR);
  });

  it("is refused with an error event: a call", async () => {
    const socket = await RealtimeSocket.open(`${url}&call_id=rtc_1`);
    await socket.next("error");
    expect(socket.errors).toMatchObject([{ code: "invalid_call_id" }]);
    await socket.ended();
  });
});
