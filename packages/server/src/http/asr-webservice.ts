import { createRoute, z } from "@hono/zod-openapi";
import { exportTranscript, type FinalWord } from "@stt/core";
import { FALSE_WORDS, normalizeLanguageChoice, TRUE_WORDS } from "@stt/core/config";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { openRawPcm } from "../audio-decoders/read-raw-pcm.js";
import type { FinalSegment } from "../decoding/final-pipeline.js";
import type { FileUtterance } from "../jobs/file-transcription.js";
import type { App, AppContext, AppEnv } from "./app-context.js";
import { type FieldNames, FileJob } from "./file-job.js";
import { tellIgnored } from "./ignored-options.js";
import { keyAsPassword, requireScope } from "./require-scope.js";
import { jsonAnswer } from "./responses.js";
import { languageName, seconds, segmentSchema, verboseSegment } from "./transcription-response.js";
import type { FormFields } from "./upload.js";

const NAMES: FieldNames = { file: "audio_file", model: "model", task: "task", words: "word_timestamps" };
const OUTPUTS = ["txt", "vtt", "srt", "tsv", "json"] as const;

/** What a film may begin with before somebody speaks. */
const LONGEST_SEARCH_MS = 600_000;
/** So much of a file is listened to when a language was heard in it, but not for certain. */
const DETECTION_MS = 30_000;

const flag = z.stringbool({ truthy: [...TRUE_WORDS], falsy: [...FALSE_WORDS], error: "pass true or false" });

const detectQuery = z.object({
  encode: flag.default(true).meta({
    type: "boolean",
    description: "false: the file is bare samples, 16 bits, mono, 16 kHz. A WAV file is one all the same.",
  }),
});

const asrQuery = detectQuery.extend({
  task: z.enum(["transcribe", "translate"], { error: "pass transcribe or translate" }).default("transcribe"),
  language: z
    .string()
    .transform((tag, context) => {
      if (tag === "") return undefined;
      const language = normalizeLanguageChoice(tag);
      if (language === undefined) context.addIssue({ code: "custom", message: "pass a code such as en, or auto" });
      return language ?? z.NEVER;
    })
    .optional()
    .meta({ description: "Of the speech; without it the server's own setting counts.", example: "en" }),
  initial_prompt: z.string().max(16_384, "pass at most 16384 characters").optional(),
  word_timestamps: flag.default(false).meta({ type: "boolean", description: "With output=json." }),
  output: z.enum(OUTPUTS, { error: `pass one of ${OUTPUTS.join(", ")}` }).default("txt"),
  diarize: flag
    .default(false)
    .refine((on) => !on, "this server does not tell speakers apart")
    .meta({ type: "boolean", description: "Not available." }),
});

const answerSchema = z
  .object({
    text: z.string(),
    language: z.string().openapi({ description: "ISO 639-1 code." }),
    segments: z.array(
      segmentSchema.extend({
        words: z
          .array(z.object({ word: z.string(), start: z.number(), end: z.number(), probability: z.number() }))
          .optional(),
      }),
    ),
  })
  .openapi("AsrAnswer", { description: "output=json" });

const detectionSchema = z
  .object({
    detected_language: z.string().optional().openapi({ description: "English name, in lower case." }),
    language_code: z.string().optional(),
    confidence: z.number().optional().openapi({ description: "0 to 1." }),
  })
  .openapi("DetectedLanguage", {
    description: "Empty when nobody speaks.",
    example: { detected_language: "english", language_code: "en", confidence: 0.98 },
  });

const failureSchema = z
  .object({
    detail: z.union([
      z.string(),
      z.array(z.object({ type: z.string(), loc: z.array(z.string()), msg: z.string(), input: z.unknown() })),
    ]),
  })
  .openapi("AsrError", {
    description: "As FastAPI writes failures, which the first server of this wire was made with.",
  });

const failure = (description: string) => jsonAnswer(description, failureSchema);
const FAILURES = {
  401: failure("No credentials, or unknown ones."),
  403: failure("The credentials are good, but not for this."),
  413: failure("The file is larger or longer than is taken."),
  415: failure("Audio of a kind that cannot be read here, or a request that is no form."),
  422: failure("An option or the file is wrong."),
  429: failure("A limit of this key is reached; Retry-After says when to come again."),
  500: failure("The server failed; its log tells why."),
  503: failure("No place for now; Retry-After says when to come again."),
};

/** How this wire tells failures: set for its paths before anything can refuse. */
export const asrWebserviceFailures = createMiddleware<AppEnv>(async (c, next) => {
  c.set("writeFailure", ({ message, param }, status) => {
    if (status !== 400) return { body: { detail: message }, status };
    const loc = param === null || param === NAMES.file ? ["body", NAMES.file] : ["query", param];
    const input = param === null ? null : (c.req.query(param) ?? null);
    return { body: { detail: [{ type: "value_error", loc, msg: message, input }] }, status: 422 };
  });
  await next();
});

/** `POST /asr` and `POST /detect-language` of whisper-asr-webservice and SubGen, as Bazarr calls them. */
export function asrWebserviceRoutes(app: App, context: AppContext): void {
  const middleware = [keyAsPassword, requireScope(context.access, "transcribe")] as const;
  const file = { type: "string", format: "binary" };
  const form: object = { type: "object", properties: { audio_file: file }, required: ["audio_file"] };
  const body = { required: true, content: { "multipart/form-data": { schema: form } } };
  app.openapi(
    createRoute({
      method: "post",
      path: "/asr",
      summary: "The text of an audio file, as whisper-asr-webservice and SubGen give it",
      tags: ["audio"],
      middleware: [...middleware],
      request: { body, query: asrQuery },
      responses: {
        200: {
          description: "The text in the format asked for.",
          content: { "text/plain": { schema: z.string() }, "application/json": { schema: answerSchema } },
        },
        ...FAILURES,
      },
    }),
    (c) => transcribe(c, context, c.req.valid("query")) as never,
  );
  app.openapi(
    createRoute({
      method: "post",
      path: "/detect-language",
      summary: "The language that is spoken in an audio file",
      tags: ["audio"],
      middleware: [...middleware],
      request: { body, query: detectQuery },
      responses: { 200: jsonAnswer("The language.", detectionSchema), ...FAILURES },
    }),
    (c) => detect(c, context, c.req.valid("query")) as never,
  );
}

async function transcribe(
  c: Context<AppEnv>,
  context: AppContext,
  query: z.output<typeof asrQuery>,
): Promise<Response> {
  const { task, language, initial_prompt: prompt, output } = query;
  const words = query.word_timestamps && output === "json";
  const job = new FileJob(c, context, NAMES);
  try {
    const fields = await job.receive();
    tellIgnored(c, [...unknown(c, asrQuery, fields), ...(query.word_timestamps && !words ? [NAMES.words] : [])]);
    const order = { task, language, prompt, temperature: 0, words };
    const pending = await job.start(order, query.encode ? {} : { open: openRawPcm });
    const utterances: FileUtterance[] = [];
    for await (const utterance of pending) utterances.push(utterance);
    const segments = utterances.flatMap((each) => each.segments);
    const { text, language: spoken } = job.transcription;
    await job.done();
    return c.body(render(output, text, spoken, segments), 200, {
      "Content-Type": "text/plain; charset=utf-8",
      "Asr-Engine": "stt",
    });
  } finally {
    await job.done();
  }
}

async function detect(
  c: Context<AppEnv>,
  context: AppContext,
  { encode }: z.output<typeof detectQuery>,
): Promise<Response> {
  const job = new FileJob(c, context, NAMES);
  try {
    tellIgnored(c, unknown(c, detectQuery, await job.receive()));
    const order = { task: "transcribe", language: "auto", temperature: 0, words: false } as const;
    const pending = await job.start(order, { open: encode ? undefined : openRawPcm, mostMs: LONGEST_SEARCH_MS });
    const { transcription } = job;
    for await (const _ of pending) {
      if (transcription.isLanguageCertain || transcription.durationMs >= DETECTION_MS) break;
    }
    const { language, languageConfidence: confidence } = transcription;
    if (language === "auto") return c.json({}, 200);
    return c.json({ detected_language: languageName(language), language_code: language, confidence }, 200);
  } finally {
    await job.done();
  }
}

/** Options of other servers of this wire, such as `vad_filter` and `video_file`, whatever was misspelt, and all in the form. */
function unknown(c: Context<AppEnv>, schema: z.ZodObject, fields: FormFields): string[] {
  const inAddress = Object.keys(c.req.query()).filter((name) => !Object.hasOwn(schema.shape, name));
  return [...inAddress, ...fields.keys()];
}

function render(
  output: (typeof OUTPUTS)[number],
  text: string,
  language: string,
  segments: readonly FinalSegment[],
): string {
  switch (output) {
    case "txt":
    case "srt":
    case "vtt":
      return exportTranscript(segments, output);
    case "tsv":
      return ["start\tend\ttext", ...segments.map(row)].map((line) => `${line}\n`).join("");
    case "json":
      return JSON.stringify({
        text,
        language,
        segments: segments.map((segment, id) => ({
          ...verboseSegment(segment, id, 0),
          ...(segment.words && { words: segment.words.map(word) }),
        })),
      } satisfies z.infer<typeof answerSchema>);
  }
}

function row({ startMs, endMs, text }: FinalSegment): string {
  return `${Math.round(startMs)}\t${Math.round(endMs)}\t${text.replace(/\s+/g, " ").trim()}`;
}

function word({ text, startMs, endMs, confidence }: FinalWord) {
  return { word: text, start: seconds(startMs), end: seconds(endMs), probability: confidence };
}
