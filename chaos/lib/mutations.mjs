/** Messages that are almost right, for the first three wires; `foreign-mutations.mjs` has the others. */
import fc from "fast-check";
import { audio, frame, START } from "./wire.mjs";

/** Values that programs trip over. */
const odd = fc.oneof(
  fc.constantFrom(null, true, "", "NaN", 0, -1, 1e308, -0.5, 2 ** 53, [], {}, "\u0000", "../../etc/passwd", "\ud800"),
  fc.string({ maxLength: 200 }),
  fc.integer(),
  fc.double(),
  fc.array(fc.jsonValue(), { maxLength: 5 }),
  fc.constant("x".repeat(70_000)),
);

/** A message with one to three of its fields, however deep, dropped, replaced or added. */
export function mutated(message) {
  return fc
    .array(fc.tuple(fc.nat(30), fc.constantFrom("drop", "replace", "add"), odd, fc.string({ maxLength: 20 })), {
      minLength: 1,
      maxLength: 3,
    })
    .map((changes) => {
      const copy = structuredClone(message);
      for (const [where, what, value, name] of changes) {
        const places = placesOf(copy);
        if (places.length === 0) break;
        const [holder, key] = places[where % places.length];
        if (what === "drop") delete holder[key];
        else if (what === "replace") holder[key] = value;
        else if (name !== "__proto__") holder[name] = value;
      }
      return copy;
    });
}

function placesOf(value) {
  return Object.entries(value).flatMap(([key, inner]) => [
    [value, key],
    ...(inner !== null && typeof inner === "object" ? placesOf(inner) : []),
  ]);
}

/** JSON, whole, cut or with a byte changed. */
export const spoiled = (json) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(json) },
    { weight: 1, arbitrary: fc.nat(Math.max(1, json.length)).map((at) => json.slice(0, at)) },
    {
      weight: 1,
      arbitrary: fc.nat(Math.max(0, json.length - 1)).map((at) => `${json.slice(0, at)}\u0007${json.slice(at + 1)}`),
    },
  );

const text = (message) =>
  mutated(message)
    .chain((changed) => spoiled(JSON.stringify(changed) ?? "null"))
    .map((json) => frame(json));
const exact = (message) => fc.constant(frame(JSON.stringify(message)));

/** WebSocket frames that break RFC 6455, and bytes that are no frames. */
export const rawFrames = fc.oneof(
  fc
    .record({
      payload: fc.uint8Array({ maxLength: 300 }),
      opcode: fc.nat(15),
      masked: fc.boolean(),
      fin: fc.boolean(),
    })
    .map(({ payload, ...how }) => frame(Buffer.from(payload), how)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  // A length that is never sent.
  fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map((length) => {
    const head = Buffer.from([0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    head.writeBigUInt64BE(length, 2);
    return head;
  }),
);

export const sound = fc.uint8Array({ minLength: 0, maxLength: 4000 }).map((bytes) => Buffer.from(bytes));
const nativeAudio = fc
  .tuple(fc.oneof(fc.constant(0), fc.nat(100_000), fc.maxSafeNat()), sound)
  .map(([at, pcm]) => audio(at, pcm));
const resume = { sessionId: "abc", fromSample: 100, finalizedSamples: 200, nextUtterance: 3, context: "so far" };
const nativeMessages = [
  { ...START, resume, prompt: "p", vocabulary: ["v"], partials: "committed", words: true },
  { type: "update", language: "de", endpointing: { silenceMs: 500 } },
  { type: "finalize" },
  { type: "cancel" },
  { type: "ping", id: 1 },
  { type: "stop" },
];

const realtimeMessages = [
  {
    type: "session.update",
    session: {
      type: "transcription",
      audio: {
        input: {
          format: { type: "audio/pcm", rate: 24_000 },
          transcription: { model: "micro", language: "en", prompt: "p" },
          turn_detection: { type: "server_vad", threshold: 0.5, prefix_padding_ms: 300, silence_duration_ms: 500 },
        },
      },
    },
  },
  { type: "input_audio_buffer.append", audio: Buffer.alloc(960).toString("base64") },
  { type: "input_audio_buffer.commit" },
  { type: "input_audio_buffer.clear" },
];

const metadata = { sampleRate: 16_000, server_sent_to_stt: 1 };
/** `u32 length | JSON | PCM`, with a length that may lie. */
const dataMessage = fc
  .tuple(
    mutated(metadata),
    fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer() }),
    sound,
  )
  .map(([meta, lie, pcm]) => {
    const json = Buffer.from(JSON.stringify(meta) ?? "null");
    const head = Buffer.alloc(4);
    head.writeUInt32LE((json.length + lie) >>> 0);
    return frame(Buffer.concat([head, json, pcm]));
  });
const controlMessages = [
  { command: "set_parameter", parameter: "language", value: "en" },
  { command: "get_parameter", parameter: "is_recording", request_id: 1 },
  { command: "call_method", method: "abort", args: [], kwargs: {} },
  { command: "call_method", method: "shutdown" },
];

export const anyOf = (messages) => fc.oneof(...messages.flatMap((message) => [text(message), exact(message)]));

/** What one connection sends after its upgrade, by wire. */
export const WIRES = {
  native: {
    path: "/v1/stream",
    protocol: "stt.v1",
    script: fc
      .tuple(
        fc.option(exact(START), { freq: 3 }),
        fc.array(fc.oneof(anyOf(nativeMessages), nativeAudio, rawFrames), { maxLength: 8 }),
      )
      .map(([start, rest]) => (start ? [start, ...rest] : rest)),
  },
  openai: {
    path: "/v1/realtime?intent=transcription",
    protocol: "realtime",
    script: fc.array(fc.oneof(anyOf(realtimeMessages), rawFrames), { maxLength: 8 }),
  },
  realtimestt: {
    path: "/",
    protocol: "",
    script: fc.array(fc.oneof(dataMessage, anyOf(controlMessages), rawFrames), { maxLength: 8 }),
  },
};

const token = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_./:;,=?%&\t \u0000\u007f"), maxLength: 60 });

/** Upgrade requests and HTTP that is none. */
export const upgradeGarbage = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  fc
    .record({
      method: fc.constantFrom("GET", "POST", "PUT", "CONNECT", "\u0000"),
      path: token,
      headers: fc.array(fc.tuple(token, token), { maxLength: 12 }),
      version: fc.constantFrom("1.1", "1.0", "9.9", ""),
    })
    .map(({ method, path, headers, version }) =>
      Buffer.from(
        `${method} /${path} HTTP/${version}\r\n${headers.map(([k, v]) => `${k}: ${v}\r\n`).join("")}\r\n`,
        "latin1",
      ),
    ),
  fc
    .tuple(
      fc.constantFrom("/v1/stream", "/v1/realtime", "/", "/nothing", "/v1/stream?token=abc", "//", "/%zz"),
      fc.constantFrom("websocket", "WebSocket", "h2c", ""),
      fc.constantFrom("13", "8", "-1", "x"),
      token,
    )
    .map(([path, upgrade, version, key]) =>
      Buffer.from(
        `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\nSec-WebSocket-Version: ${version}\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: ${key}\r\n\r\n`,
        "latin1",
      ),
    ),
);

/** Sound as it is, and as a file. */
const audioBody = fc.oneof(
  sound,
  sound.map((pcm) => {
    const head = Buffer.alloc(44);
    head.write("RIFF....WAVEfmt ", "latin1");
    head.writeUInt32LE(16, 16);
    head.writeUInt16LE(1, 20);
    head.writeUInt16LE(1, 22);
    head.writeUInt32LE(16_000, 24);
    head.writeUInt32LE(32_000, 28);
    head.writeUInt16LE(2, 32);
    head.writeUInt16LE(16, 34);
    head.write("data", 36, "latin1");
    head.writeUInt32LE(pcm.length, 40);
    return Buffer.concat([head, pcm]);
  }),
);

const OPENAI_ROUTE = {
  paths: ["/v1/audio/transcriptions", "/v1/audio/translations"],
  options: fc.constant([]),
  field: "file",
  isRefusal: ({ error }) => typeof error?.message === "string" && typeof error.code === "string",
};

/**
 * What is posted to a route that takes audio: forms that are right or nearly, bare bytes, JSON; typed rightly or not, compressed or so
 * they say.
 *
 * @param {{ paths: string[], options: fc.Arbitrary<[string, string][]>, field?: string }} route without `field` the body is the audio
 */
export function uploads({ paths, options, field } = OPENAI_ROUTE) {
  const name = field ?? "file";
  const form = fc
    .tuple(fc.array(fc.tuple(token, token), { maxLength: 6 }), audioBody)
    .map(([fields, bytes]) => [
      Buffer.concat([
        ...fields.map(([key, value]) =>
          Buffer.from(`--b\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`, "latin1"),
        ),
        Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"; filename="a.wav"\r\n\r\n`),
        bytes,
        Buffer.from("\r\n--b--\r\n"),
      ]),
      "multipart/form-data; boundary=b",
    ]);
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }).map((bytes) => [Buffer.from(bytes), "multipart/form-data; boundary=b"]),
    form,
    audioBody.map((bytes) => [bytes, "audio/wav"]),
    fc.jsonValue().map((value) => [Buffer.from(JSON.stringify(value)), "application/json"]),
  );
  const encoding = fc.oneof({ weight: 8, arbitrary: fc.constant("") }, { weight: 1, arbitrary: fc.constant("gzip") });
  return fc.tuple(fc.constantFrom(...paths), options, body, encoding).map(([path, query, [bytes, type], encoded]) => {
    const asked = query.map((pair) => pair.map(encodeURIComponent).join("=")).join("&");
    const address = asked === "" ? path : `${path}?${asked}`;
    const compressed = encoded === "" ? "" : `Content-Encoding: ${encoded}\r\n`;
    const head = `POST ${address} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\n${compressed}Content-Length: ${bytes.length}\r\nConnection: close\r\n\r\n`;
    return Buffer.concat([Buffer.from(head), bytes]);
  });
}

export const isOpenAiRefusal = OPENAI_ROUTE.isRefusal;
