import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeClientMessage, decodeServerMessage, encodeMessage } from "../../src/protocol/codec.js";
import { clientMessageSchema, serverMessageSchema } from "../../src/protocol/messages.js";

const fixtures = new URL("../fixtures/", import.meta.url);

function goldenMessages(kind: "client" | "server"): [name: string, message: { type: string }][] {
  const folder = new URL(`${kind}/`, fixtures);
  return readdirSync(folder).map((name) => [name, JSON.parse(readFileSync(new URL(name, folder), "utf8"))]);
}

describe.each([
  ["client", decodeClientMessage, clientMessageSchema],
  ["server", decodeServerMessage, serverMessageSchema],
] as const)("golden messages of the %s", (kind, decode, schema) => {
  const golden = goldenMessages(kind);

  it.each(golden)("%s goes through unchanged", (_, message) => {
    const decoded = decode(JSON.stringify(message));
    expect(decoded).toEqual(message);
    expect(JSON.parse(encodeMessage(decoded!))).toEqual(message);
  });

  it("cover every type of the schema", () => {
    const types = schema.def.options.flatMap((option) => [...option.shape.type._zod.values]);
    expect(new Set(golden.map(([, message]) => message.type))).toEqual(new Set(types));
  });
});

const start = { type: "start", protocol: 1, audio: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 } };
const audio = (change: object) => ({ ...start, audio: { ...start.audio, ...change } });
const resume = (change: object) => ({
  ...start,
  resume: { sessionId: "a", fromSample: 0, nextUtterance: 0, ...change },
});

describe("a message of the client that is wrong", () => {
  const inStart = (rest: string) => `In the message "start", ${rest}`;

  it.each<[frame: unknown, sentence: string]>([
    ["", "A text frame is not valid JSON: it is empty."],
    ["{oops", "A text frame is not valid JSON: {oops."],
    ["x".repeat(500), `A text frame is not valid JSON: ${"x".repeat(60)}....`],
    ["[1]", "A text frame is not a JSON object: [1]."],
    ["null", "A text frame is not a JSON object: null."],
    [{}, "A message has no type; known types are start, update, finalize, cancel, stop, ping."],
    [
      { type: "hello" },
      'A message has the unknown type "hello"; known types are start, update, finalize, cancel, stop, ping.',
    ],
    [{ type: 5 }, "A message has the unknown type 5; known types are start, update, finalize, cancel, stop, ping."],
    [{ type: "start", protocol: 1 }, inStart("audio is missing; it must be an object.")],
    [audio({ encoding: "mp3" }), inStart('audio.encoding is "mp3"; it must be "pcm_s16le" or "pcm_f32le".')],
    [audio({ sampleRate: 4000 }), inStart("audio.sampleRate is 4000; it must be at least 8000.")],
    [audio({ sampleRate: 1e6 }), inStart("audio.sampleRate is 1000000; it must be at most 192000.")],
    [audio({ sampleRate: "16000" }), inStart('audio.sampleRate is "16000"; it must be a number.')],
    [audio({ channels: 6 }), inStart("audio.channels is 6; it must be 1 or 2.")],
    [
      { ...start, language: "Russian" },
      inStart(
        'language is "Russian"; it must be auto or the code of a language that Whisper knows, such as en, ru, de or pt-BR.',
      ),
    ],
    [
      { ...start, languages: ["en", "xx"] },
      inStart('languages[1] is "xx"; it must be the code of a language that Whisper knows, such as en or ru.'),
    ],
    [{ ...start, languages: Array(101).fill("en") }, inStart("languages has 101 entries; it must have at most 100.")],
    [{ ...start, task: "sing" }, inStart('task is "sing"; it must be "transcribe" or "translate".')],
    [{ ...start, prompt: "x".repeat(2001) }, inStart("prompt has 2001 characters; it must have at most 2000.")],
    [
      { ...start, vocabulary: ["ok", "x".repeat(65)] },
      inStart(
        `vocabulary[1] is "${"x".repeat(59)}...; it must be a term of at most 64 characters, or { term, soundsLike } with at most 8 spellings of at most 64, without control characters.`,
      ),
    ],
    [{ ...start, vocabulary: Array(501).fill("a") }, inStart("vocabulary has 501 entries; it must have at most 500.")],
    [{ ...start, vocabulary: "a" }, inStart('vocabulary is "a"; it must be a list.')],
    [{ ...start, partials: "yes" }, inStart('partials is "yes"; it must be true or false or "committed".')],
    [{ ...start, words: 1 }, inStart("words is 1; it must be true or false.")],
    [{ ...start, endpointing: { silenceMs: 5 } }, inStart("endpointing.silenceMs is 5; it must be at least 100.")],
    [resume({ sessionId: "a b" }), inStart('resume.sessionId is "a b"; it must be 1 to 64 letters, digits, - or _.')],
    [resume({ fromSample: -1 }), inStart("resume.fromSample is -1; it must be at least 0.")],
    [resume({ fromSample: 1.5 }), inStart("resume.fromSample is 1.5; it must be a whole number.")],
    [{ type: "ping" }, 'In the message "ping", id is missing; it must be a number.'],
    [{ type: "update", endpointing: [] }, 'In the message "update", endpointing is []; it must be an object.'],
  ])("%j is refused in a clear sentence", (frame, message) => {
    const text = typeof frame === "string" ? frame : JSON.stringify(frame);
    expect(() => decodeClientMessage(text)).toThrow(expect.objectContaining({ code: "bad_message", message }));
  });

  it.each([
    [{ ...start, protocol: 2 }, 'The message "start" names protocol version 2; this server speaks version 1.'],
    [{ type: "start" }, 'The message "start" names no protocol version; this server speaks version 1.'],
  ])("%j is refused for its version, whatever else it holds", (frame, message) => {
    expect(() => decodeClientMessage(JSON.stringify(frame))).toThrow(
      expect.objectContaining({ code: "unsupported_protocol", message }),
    );
  });

  it("drops fields that a newer client may send", () => {
    expect(decodeClientMessage(JSON.stringify({ type: "ping", id: 3, later: true }))).toEqual({ type: "ping", id: 3 });
  });
});

describe("a message of the server", () => {
  it("of an unknown type is ignored, not an error", () => {
    expect(decodeServerMessage('{"type":"sentiment","value":1}')).toBeUndefined();
  });

  it.each([
    ["oops", "A text frame is not valid JSON: oops."],
    ["{}", "A message of the server has no type: {}."],
    ['{"type":"final"}', 'In the message "final", utterance is missing; it must be a number.'],
    [
      '{"type":"ack","receivedSamples":-1,"finalizedSamples":0}',
      'In the message "ack", receivedSamples is -1; it must be at least 0.',
    ],
  ])("%s is refused in a clear sentence", (text, message) => {
    expect(() => decodeServerMessage(text)).toThrow(expect.objectContaining({ code: "protocol_error", message }));
  });
});
