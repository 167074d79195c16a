/** What operators see, as schemas: of the events that they watch and of the routes that give the same. docs/console.md describes it. */
import { z } from "@hono/zod-openapi";
import { SERIES, type SeriesName } from "../observability/history.js";
import { VERDICTS } from "./advice.js";

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

export const loadSchema = z
  .object({
    ready: z.boolean(),
    reason: z.string().optional().openapi({ description: "Why it is not ready." }),
    sessions: z.int().openapi({ description: "Open sessions." }),
    speaking: z.int().openapi({ description: "Sessions with an open utterance." }),
    capacity: z.number().nullable().openapi({
      description:
        "Sessions that can be served at the same time: MAX_SESSIONS, or how many may speak at once; null while nothing was measured.",
    }),
    load: z.number().min(0).max(1).openapi({ description: "Share of the capacity in use." }),
    lanes: z.int(),
    running: z.int(),
    queued: z.int(),
    finalWaitMs: z
      .number()
      .openapi({ description: "Smoothed time that finals waited for a lane lately, milliseconds." }),
  })
  .openapi("Load", {
    example: {
      ready: true,
      sessions: 12,
      speaking: 3,
      capacity: 50,
      load: 0.24,
      lanes: 2,
      running: 1,
      queued: 0,
      finalWaitMs: 0,
    },
  });

const engineSchema = z
  .object({
    name: z.string(),
    model: z.string(),
    requestedDevice: z.string(),
    actualDevice: z.string(),
  })
  .openapi("Engine", {
    example: { name: "whisper.cpp", model: "medium", requestedDevice: "auto", actualDevice: "cpu" },
  });

const verdictSchema = z
  .enum(VERDICTS)
  .openapi("Verdict", { description: "How it stands: the most pressing thing that is true." });

const remedySchema = z
  .union([
    z.object({
      do: z.literal("use_model").openapi({ description: "Finals with another model." }),
      model: z.string(),
      speakers: z.int().nullable().openapi({ description: "How many could speak at once with it, estimated." }),
    }),
    z.object({
      do: z.literal("change").openapi({ description: "A variable that can be changed now." }),
      variable: z.string(),
      value: z.string(),
    }),
    z.object({
      do: z.literal("restart_with").openapi({ description: "A variable that takes a restart." }),
      variable: z.string(),
      value: z.string(),
    }),
    z.object({ do: z.enum(["build_for_gpu", "add_server"]) }),
  ])
  .openapi("Remedy");

export const adviceSchema = z
  .object({
    verdict: verdictSchema,
    speaking: z.int().openapi({ description: "People who are speaking now." }),
    speakers: z.int().nullable().openapi({
      description: "How many may speak at once with this model; null while nothing was measured.",
    }),
    finalP95Ms: z.number().nullable().openapi({
      description: "From the endpoint to the final in the last two minutes, milliseconds.",
    }),
    finalWorstMs: z.number().nullable(),
    refused: z.int().openapi({ description: "Sessions refused for want of a place in the last ten minutes." }),
    maxSessions: z.int().openapi({ description: "MAX_SESSIONS; 0 is none." }),
    gpu: z.string().optional().openapi({ description: "The GPU that stands idle." }),
    remedies: z.array(remedySchema).openapi({ description: "What can be done, the likeliest first." }),
  })
  .openapi("Advice", {
    example: {
      verdict: "over",
      speaking: 4,
      speakers: 3,
      finalP95Ms: 980,
      finalWorstMs: 1200,
      refused: 0,
      maxSessions: 0,
      remedies: [{ do: "use_model", model: "base", speakers: 9 }, { do: "add_server" }],
    },
  });

const thresholdSchema = z
  .object({ busy: z.number(), bad: z.number() })
  .openapi("Threshold", { example: { busy: 1000, bad: 3000 } });

export const statusSchema = z
  .object({
    state: z.enum(["ready", "not_ready", "draining"]),
    full: z.boolean().openapi({ description: "Newcomers are refused." }),
    uptimeMinutes: z.int(),
    load: loadSchema,
    models: z
      .object({ final: engineSchema, partial: engineSchema })
      .nullable()
      .openapi({ description: "Null while they load." }),
    switchesModels: z.boolean(),
    lostAtRestart: z.array(z.object({ variable: z.string(), value: z.string() })).openapi({
      description: "Models that were switched to and are not what a restart takes; in .env these lines keep them.",
    }),
    keepsLog: z.boolean(),
    keepsHistory: z.boolean().openapi({ description: "Whether its history will be there after a restart." }),
    thresholds: z
      .object({
        load: thresholdSchema,
        finalLatencyMs: thresholdSchema,
        firstPartialMs: thresholdSchema,
        realtimeFactor: thresholdSchema,
      })
      .openapi({ description: "From which value on a figure is worth a look, and from which it is bad." }),
    advice: adviceSchema,
  })
  .openapi("Status", { description: "Event status." });

export const sessionSchema = z
  .object({
    id: z.string(),
    wire: z.string().openapi({ description: "What it comes over: stream, realtimestt or openai-realtime." }),
    principal: z.string(),
    address: z.string(),
    startedAt: z.iso.datetime(),
    language: z.string().openapi({ description: "ISO 639-1 code or auto." }),
    speaking: z.boolean().openapi({ description: "Whether an utterance is open." }),
    audioMs: z.number().openapi({ description: "Audio received, milliseconds." }),
    lastText: z.string().openapi({ description: "The end of what was recognised last; empty when nothing was yet." }),
  })
  .openapi("Session", {
    example: {
      id: "0198c0de-5d0a-7c3e-9d6e-0f4f0f6b9a11",
      wire: "stream",
      principal: "web",
      address: "192.0.2.7",
      startedAt: "2026-01-31T12:00:00.000Z",
      language: "en",
      speaking: true,
      audioMs: 61_500,
      lastText: "and that is all for today.",
    },
  });

export const modelPullSchema = z
  .object({
    name: z.string(),
    state: z.enum(["downloading", "waiting", "retrying", "checking", "done", "failed"]),
    receivedBytes: z.int(),
    totalBytes: z.int().optional(),
    message: z.string().openapi({ description: "One sentence for a person." }),
    code: z.string().optional().openapi({ description: "Why it failed; the codes are those of errors." }),
  })
  .openapi("ModelPull", {
    description: "A download that was asked for while the server runs.",
    example: {
      name: "small",
      state: "downloading",
      receivedBytes: 1_048_576,
      totalBytes: 487_601_967,
      message: "downloading small: 0 %",
    },
  });

export const catalogModelSchema = z
  .object({
    name: z.string(),
    bytes: z.int().optional().openapi({ description: "Of its file; absent for the built-in model." }),
    usedFor: z.array(z.enum(["final", "partial"])).openapi({ description: "What it is loaded for now." }),
    installed: z.boolean(),
    memoryBytes: z.int().optional().openapi({ description: "Memory that it takes, about." }),
    cost: z
      .object({
        realtimeFactor: z.number().openapi({ description: "Compute time of finals for each second of speech." }),
        measured: z.boolean().openapi({
          description: "Whether people spoke with it since the start; otherwise it is estimated by the one in use.",
        }),
        speakers: z.int().openapi({ description: "How many may speak at once; 0 where even one is too much." }),
      })
      .optional()
      .openapi({ description: "What it costs on this machine; absent where nothing is known." }),
    pull: modelPullSchema.optional().openapi({ description: "The download that was last asked for." }),
  })
  .openapi("CatalogModel", {
    description: "A model that is there or can be fetched.",
    example: { name: "medium", bytes: 1_533_763_059, usedFor: ["final"], installed: true },
  });

const samples = z.array(z.number().nullable());
const seriesSchema = z
  .object(Object.fromEntries(SERIES.map((name) => [name, samples])) as Record<SeriesName, typeof samples>)
  .openapi({ description: "Null where there was nothing to measure." });

export const historySchema = z
  .object({
    stepMs: z.number(),
    capacity: z.int(),
    at: z.array(z.number()).openapi({ description: "Milliseconds since 1970." }),
    series: seriesSchema,
  })
  .openapi("History", { description: "Samples, oldest first: `at` and every series have the same length." });

export const logLineSchema = z
  .object({
    seq: z.int(),
    time: z.string(),
    level: z.enum(LOG_LEVELS),
    message: z.string(),
    fields: z.record(z.string(), z.unknown()),
  })
  .openapi("LogLine", {
    example: { seq: 17, time: "2026-01-31T12:00:00.000Z", level: "info", message: "ready", fields: { port: 8011 } },
  });

/** The data of each event of `GET /v1/admin/events`, by its name. */
export const operatorEvents = {
  status: statusSchema,
  sessions: z.object({ sessions: z.array(sessionSchema) }).openapi("SessionsEvent"),
  models: z.object({ models: z.array(catalogModelSchema) }).openapi("ModelsEvent"),
  history: historySchema,
  log: z.object({ lines: z.array(logLineSchema) }).openapi("LogEvent"),
};
export type OperatorEvents = { [Name in keyof typeof operatorEvents]: z.infer<(typeof operatorEvents)[Name]> };
