/** Messages that are almost right, for the wires of other people's programs. */
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { anyOf, mutated, rawFrames, sound, spoiled } from "./mutations.mjs";
import { frame } from "./wire.mjs";

const RAW = "encoding=linear16&sample_rate=16000";
const audio = sound.map((pcm) => frame(pcm));

const listenMessages = [
  { type: "KeepAlive" },
  { type: "Finalize" },
  { type: "Configure", keyterms: ["v"], features: { numerals: true } },
  { type: "CloseStream" },
];
const turnMessages = [
  { type: "ForceEndTurn" },
  {
    type: "Configure",
    thresholds: { eot_threshold: 0.7, eot_timeout_ms: 800 },
    keyterms: ["v"],
    language_hints: ["en"],
  },
  { type: "CloseStream" },
];

const format = { rate: 16_000, width: 2, channels: 1 };
/** Wyoming's events: a line, data that may lie about its length, a payload that may too. */
const wyomingEvent = fc
  .tuple(
    fc.constantFrom(
      { type: "describe" },
      { type: "ping", data: { text: "p" } },
      { type: "transcribe", data: { language: "en", transcript_terms: ["v"] } },
      { type: "audio-start", data: format },
      { type: "audio-chunk", data: format },
      { type: "audio-stop" },
    ),
    sound,
    fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer() }),
    fc.boolean(),
  )
  .chain(([event, payload, lie, isExact]) => {
    const length = event.type === "audio-chunk" ? payload.length + lie : lie;
    const whole = length === 0 ? event : { ...event, payload_length: length };
    return (isExact ? fc.constant(whole) : mutated(whole))
      .chain((changed) => spoiled(JSON.stringify(changed) ?? "null"))
      .map((line) =>
        Buffer.concat([Buffer.from(`${line}\n`), event.type === "audio-chunk" ? payload : Buffer.alloc(0)]),
      );
  });

const audioSocketMessage = fc
  .tuple(
    fc.oneof(fc.constantFrom(0x00, 0x01, 0x03, 0x10, 0x12, 0x18, 0xff), fc.nat(255)),
    fc.oneof(sound, fc.constant(Buffer.alloc(16)), fc.constant(Buffer.alloc(320))),
    fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer() }),
  )
  .map(([kind, payload, lie]) => {
    const head = Buffer.alloc(3);
    head[0] = kind;
    head.writeUInt16BE((payload.length + lie) & 0xffff, 1);
    return Buffer.concat([head, payload]);
  });

const TWILIO_TOKEN = "0123456789abcdef0123456789abcdef";
const TWILIO_URL = "wss://stt.example.com/v1/twilio";
const mediaFormat = { encoding: "audio/x-mulaw", sampleRate: 8000, channels: 1 };
const twilioMessages = [
  { event: "connected" },
  {
    event: "start",
    start: { callSid: "CA1", streamSid: "MZ1", tracks: ["inbound"], customParameters: { language: "en" }, mediaFormat },
  },
  { event: "media", media: { track: "inbound", payload: Buffer.alloc(160, 0x7f).toString("base64") } },
  { event: "dtmf", dtmf: { digit: "5" } },
  { event: "mark" },
  { event: "stop" },
];

const garbage = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const script = (...messages) => fc.array(fc.oneof(...messages), { maxLength: 8 });

/** As `WIRES`; those with `variable` have a port of their own, without an upgrade. */
export const FOREIGN_WIRES = {
  deepgram: { path: `/v1/listen?${RAW}`, protocol: "", script: script(anyOf(listenMessages), audio, rawFrames) },
  "deepgram-file": { path: "/v1/listen", protocol: "", script: script(anyOf(listenMessages), audio, rawFrames) },
  "deepgram-turns": { path: `/v2/listen?${RAW}`, protocol: "", script: script(anyOf(turnMessages), audio, rawFrames) },
  twilio: {
    path: "/v1/twilio",
    protocol: "",
    settings: { TWILIO_AUTH_TOKEN: TWILIO_TOKEN, TWILIO_STREAM_URL: TWILIO_URL },
    headers: { "X-Twilio-Signature": createHmac("sha1", TWILIO_TOKEN).update(TWILIO_URL).digest("base64") },
    script: script(anyOf(twilioMessages), anyOf(twilioMessages), rawFrames),
  },
  calls: { path: "/v1/calls", protocol: "", script: script(anyOf([{ type: "hello" }]), rawFrames) },
  wyoming: { variable: "WYOMING_PORT", script: script(wyomingEvent, wyomingEvent, garbage) },
  audiosocket: {
    variable: "AUDIOSOCKET_PORT",
    script: fc
      .tuple(
        fc.option(fc.constant(Buffer.from([1, 0, 16, ...Buffer.alloc(16)])), { freq: 3 }),
        script(audioSocketMessage, garbage),
      )
      .map(([id, rest]) => (id ? [id, ...rest] : rest)),
  },
};

const isText = (value) => typeof value === "string" && value !== "";
const word = fc.string({ unit: fc.constantFrom(..."abz019-_. ,%&=;\u0000"), maxLength: 12 });

/** Options that a route knows, with values that are right or not, and some that it does not. */
const optionsOf = (names) =>
  fc.array(
    fc.tuple(
      fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: word }),
      fc.oneof(fc.constantFrom("true", "false", "1", "", "en", "xx", "json", "srt", "auto", "-1", "micro"), word),
    ),
    { maxLength: 6 },
  );

/**
 * The routes of other people's programs: their options in the address, a body, and whether an answer that refuses is one that their
 * clients read.
 */
export const FOREIGN_ROUTES = {
  asr: {
    paths: ["/asr", "/detect-language"],
    options: optionsOf(["task", "language", "initial_prompt", "word_timestamps", "output", "encode", "diarize"]),
    field: "audio_file",
    isRefusal: ({ detail }) =>
      isText(detail) || (Array.isArray(detail) && detail.every(({ loc, msg }) => Array.isArray(loc) && isText(msg))),
  },
  inference: {
    paths: ["/inference"],
    options: optionsOf(["response_format", "language", "translate", "prompt", "temperature", "diarize", "offset_t"]),
    field: "file",
    isRefusal: ({ error }) => isText(error),
  },
  "deepgram-listen": {
    paths: ["/v1/listen"],
    options: optionsOf([
      "model",
      "language",
      "encoding",
      "sample_rate",
      "channels",
      "keyterm",
      "smart_format",
      "redact",
    ]),
    isRefusal: ({ err_code, err_msg, request_id }) => isText(err_code) && isText(err_msg) && isText(request_id),
  },
};
