import { SERIES } from "../observability/history.js";
import type { App } from "./app.js";
import { RESPONSE_FORMATS } from "./transcription-request.js";

const text = { type: "string" };
const number = { type: "number" };
const boolean = { type: "boolean" };
const object = (properties: object, required = Object.keys(properties)) => ({ type: "object", properties, required });
const list = (items: object) => ({ type: "array", items });
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: object) => ({ "application/json": { schema } });
const answer = (description: string, content?: object) => ({ description, ...(content && { content }) });
const failure = (description: string) => answer(description, json(ref("Error")));
const pathParameter = (name: string, description: string) => ({
  name,
  in: "path",
  required: true,
  description,
  schema: text,
});

const OPEN = { security: [] };
const REFUSED = {
  "401": failure("No credentials, or unknown ones."),
  "403": failure("The credentials are good, but not for this."),
};
const BUSY = {
  "429": failure("A limit of this key is reached; Retry-After says when to come again."),
  "503": failure("No place for now; Retry-After says when to come again."),
};

const COMMON_FIELDS = {
  file: { type: "string", format: "binary", description: "The audio; its content decides of what kind it is." },
  model: { ...text, description: "A loaded model, or an OpenAI name for the main one." },
  prompt: { ...text, description: "Text that came before, or words to expect." },
  response_format: { ...text, enum: RESPONSE_FORMATS, default: "json" },
  temperature: { ...number, minimum: 0, maximum: 1, default: 0 },
};
const TRANSCRIPTION_FIELDS = {
  ...COMMON_FIELDS,
  language: { ...text, description: "ISO 639-1 code or auto." },
  stream: { ...boolean, description: "Server-sent events with the text as it is decoded." },
  "timestamp_granularities[]": list({ ...text, enum: ["segment", "word"] }),
  chunking_strategy: { ...text, description: "Taken and not needed." },
};

const decode = (summary: string, fields: object, streams: boolean) => ({
  summary,
  tags: ["audio"],
  requestBody: { required: true, content: { "multipart/form-data": { schema: object(fields, ["file"]) } } },
  responses: {
    "200": answer("The text in the format asked for.", {
      ...json({ anyOf: [ref("Transcription"), ref("VerboseTranscription")] }),
      "text/plain": { schema: text },
      "text/vtt": { schema: text },
      ...(streams && { "text/event-stream": { schema: text } }),
    }),
    "400": failure("A field or the file is wrong."),
    ...REFUSED,
    "404": failure("There is no such model."),
    "413": failure("The file is larger or longer than is taken."),
    "415": failure("Audio of a kind that cannot be read here."),
    ...BUSY,
  },
});

const paths = {
  "/healthz": {
    get: {
      summary: "The process answers",
      tags: ["state"],
      ...OPEN,
      responses: { "200": answer("It does.", json(object({ status: text }))) },
    },
  },
  "/readyz": {
    get: {
      summary: "Whether new sessions are welcome",
      tags: ["state"],
      ...OPEN,
      responses: {
        "200": answer("They are.", json(ref("Readiness"))),
        "503": answer("They are not, and why.", json(ref("Readiness"))),
      },
    },
  },
  "/metrics": {
    get: {
      summary: "Metrics for Prometheus",
      tags: ["state"],
      responses: { "200": answer("In the text format of Prometheus.", { "text/plain": { schema: text } }), ...REFUSED },
    },
  },
  "/v1/load": {
    get: {
      summary: "How busy the server is, for load balancers",
      tags: ["state"],
      ...OPEN,
      responses: { "200": answer("Its load.", json({ type: "object" })) },
    },
  },
  "/v1/sessions": {
    get: {
      summary: "All open sessions, oldest first (scope admin)",
      tags: ["sessions"],
      responses: { "200": answer("The sessions.", json(object({ sessions: list(ref("Session")) }))), ...REFUSED },
    },
  },
  "/v1/sessions/{id}": {
    parameters: [pathParameter("id", "Of the list of sessions.")],
    delete: {
      summary: "End a session once its pending finals are out (scope admin)",
      tags: ["sessions"],
      responses: { "204": answer("It has ended."), ...REFUSED, "404": failure("There is no such session.") },
    },
  },
  "/v1/tokens": {
    post: {
      summary: "A short-lived token for a browser",
      tags: ["access"],
      requestBody: {
        content: json(object({ ttlSeconds: number, singleSession: boolean }, [])),
      },
      responses: {
        "201": answer("The token.", json(object({ token: text, expiresAt: { ...text, format: "date-time" } }))),
        "400": failure("A field is wrong."),
        ...REFUSED,
      },
    },
  },
  "/v1/models": {
    get: {
      summary: "The loaded models",
      tags: ["models"],
      responses: { "200": answer("The models.", json(object({ object: text, data: list(ref("Model")) }))), ...REFUSED },
    },
  },
  "/v1/models/{id}": {
    parameters: [pathParameter("id", "Name of the model.")],
    get: {
      summary: "One model",
      tags: ["models"],
      responses: {
        "200": answer("The model.", json(ref("Model"))),
        ...REFUSED,
        "404": failure("There is no such model."),
      },
    },
  },
  "/v1/models/catalog": {
    get: {
      summary: "Models that are there or can be fetched (scope admin)",
      tags: ["models"],
      responses: { "200": answer("The models.", json(list(ref("CatalogueModel")))), ...REFUSED },
    },
  },
  "/v1/models/active": {
    get: {
      summary: "The models in use (scope admin)",
      tags: ["models"],
      responses: { "200": answer("Their names.", json(ref("ActiveModels"))), ...REFUSED },
    },
    put: {
      summary: "Use other models from now on, without ending a session (scope admin)",
      tags: ["models"],
      requestBody: { required: true, content: json(object({ final: text, partial: text }, [])) },
      responses: {
        "200": answer("They are in use.", json(ref("ActiveModels"))),
        "400": failure("Neither is given, or the server's engine has no models of its own."),
        ...REFUSED,
        "404": failure("There is no such model on this machine."),
        "503": failure("There is not enough memory for both at the same time."),
      },
    },
  },
  "/v1/models/{name}/pull": {
    parameters: [pathParameter("name", "Name of the model, such as medium-q5_0.")],
    post: {
      summary: "Fetch a model (scope admin)",
      tags: ["models"],
      responses: {
        "202": answer("It is being fetched.", json(ref("ModelPull"))),
        ...REFUSED,
        "404": failure("It cannot be had."),
        ...BUSY,
      },
    },
    get: {
      summary: "How far that is (scope admin)",
      tags: ["models"],
      responses: {
        "200": answer("Its state.", json(ref("ModelPull"))),
        ...REFUSED,
        "404": failure("Nobody has asked for it since the server started."),
      },
    },
    delete: {
      summary: "Stop it, or forget how it ended; what has come is kept for the next time (scope admin)",
      tags: ["models"],
      responses: {
        "204": answer("It is stopped and forgotten."),
        ...REFUSED,
        "404": failure("Nobody has asked for it since the server started."),
      },
    },
  },
  "/v1/audio/transcriptions": { post: decode("The text of an audio file", TRANSCRIPTION_FIELDS, true) },
  "/v1/audio/translations": { post: decode("The text of an audio file, in English", COMMON_FIELDS, false) },
  "/v1/admin/history": {
    get: {
      summary: "Samples of the last minutes: load, latencies, CPU, memory (scope admin)",
      tags: ["operator"],
      responses: { "200": answer("The samples, oldest first.", json(ref("History"))), ...REFUSED },
    },
  },
  "/v1/admin/events": {
    get: {
      summary: "What an operator watches, as server-sent events without an end (scope admin)",
      description: "Events: status, sessions, models when they changed; history, log with what was added.",
      tags: ["operator"],
      responses: { "200": answer("Events.", { "text/event-stream": { schema: text } }), ...REFUSED, ...BUSY },
    },
  },
  "/v1/admin/config": {
    get: {
      summary: "The configuration (scope admin)",
      tags: ["operator"],
      responses: { "200": answer("All variables.", json(object({ variables: list(ref("Variable")) }))), ...REFUSED },
    },
    patch: {
      summary: "Change variables of the running server: all of them or, if one is not allowed, none (scope admin)",
      tags: ["operator"],
      requestBody: {
        required: true,
        content: json(
          object({ values: { type: "object", additionalProperties: { type: ["string", "number", "boolean"] } } }),
        ),
      },
      responses: {
        "200": answer("The changed variables.", json(object({ variables: list(ref("Variable")) }))),
        "400": failure("A name or value is not allowed; the message says which and what is."),
        ...REFUSED,
        "413": failure("The body is too large."),
      },
    },
  },
  "/": {
    get: {
      summary: "The operator's console",
      tags: ["pages"],
      ...OPEN,
      responses: {
        "200": answer("A page.", { "text/html": { schema: text } }),
        "404": failure("It is not installed."),
      },
    },
  },
  "/editor": {
    get: {
      summary: "The dictation editor",
      tags: ["pages"],
      ...OPEN,
      responses: {
        "200": answer("A page.", { "text/html": { schema: text } }),
        "404": failure("It is not installed."),
      },
    },
  },
  "/openapi.json": {
    get: {
      summary: "This document",
      tags: ["state"],
      ...OPEN,
      responses: { "200": answer("It.", json({ type: "object" })) },
    },
  },
};

const segment = {
  id: number,
  seek: number,
  start: number,
  end: number,
  text,
  tokens: list(number),
  temperature: number,
  avg_logprob: number,
  compression_ratio: number,
  no_speech_prob: number,
};
const usage = object({ type: text, seconds: number });

const localized = object({ en: text, ru: text });

const schemas = {
  History: object({
    stepMs: number,
    capacity: number,
    at: list({ ...number, description: "Milliseconds since 1970." }),
    series: object(Object.fromEntries(SERIES.map((name) => [name, list({ type: ["number", "null"] })]))),
  }),
  Variable: object({
    name: text,
    value: {
      type: ["string", "null"],
      description: "As the environment would have it; null where it must not be shown.",
    },
    default: { type: ["string", "null"] },
    unit: { type: ["string", "null"] },
    live: { ...boolean, description: "Whether it can be changed now." },
    group: text,
    allowed: localized,
    doc: localized,
  }),
  Error: object({ error: object({ message: text, type: text, param: { type: ["string", "null"] }, code: text }) }),
  Readiness: object({ ready: boolean, reason: text }, ["ready"]),
  Session: object({
    id: text,
    wire: { ...text, enum: ["stream", "realtimestt", "openai-realtime"] },
    principal: text,
    address: text,
    startedAt: { ...text, format: "date-time" },
    language: text,
    speaking: boolean,
    audioMs: number,
    lastText: text,
  }),
  ActiveModels: object({ final: text, partial: text }),
  ModelPull: object(
    {
      name: text,
      state: { ...text, enum: ["downloading", "waiting", "retrying", "checking", "done", "failed"] },
      receivedBytes: number,
      totalBytes: number,
      message: text,
      code: { ...text, description: "Why it failed; the codes are those of errors." },
    },
    ["name", "state", "receivedBytes", "message"],
  ),
  CatalogueModel: object(
    {
      name: text,
      bytes: number,
      installed: boolean,
      usedFor: list({ ...text, enum: ["final", "partial"] }),
      pull: ref("ModelPull"),
    },
    ["name", "installed", "usedFor"],
  ),
  Model: object({ id: text, object: text, created: number, owned_by: text }),
  Transcription: object({ text, usage }),
  VerboseTranscription: object(
    {
      task: text,
      language: text,
      duration: number,
      text,
      segments: list(object(segment)),
      words: list(object({ word: text, start: number, end: number })),
      usage,
    },
    ["task", "language", "duration", "text", "usage"],
  ),
};

/** The HTTP API as an OpenAPI 3.1 document. A route that it does not know fails a test. */
export const openApiDocument = {
  openapi: "3.1.0",
  info: {
    title: "stt server",
    version: "1",
    description:
      "Speech to text. The WebSockets /v1/stream and /v1/realtime are described in docs/protocol.md and docs/openai.md.",
    license: { name: "MIT", identifier: "MIT" },
  },
  security: [{ bearer: [] }],
  paths,
  components: { schemas, securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
};

export function openApiRoutes(app: App): void {
  app.get("/openapi.json", (c) => c.json(openApiDocument));
}
