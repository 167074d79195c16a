import { createRoute, z } from "@hono/zod-openapi";
import { exportTranscript } from "@stt/core";
import { FALSE_WORDS, normalizeLanguageChoice, TRUE_WORDS } from "@stt/core/config";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { FileUtterance } from "../jobs/file-transcription.js";
import type { App, AppContext, AppEnv } from "./app-context.js";
import { FieldError, fieldErrorOf } from "./field-error.js";
import { type FieldNames, FileJob } from "./file-job.js";
import { tellIgnored } from "./ignored-options.js";
import { keyAsPassword, requireScope } from "./require-scope.js";
import { jsonAnswer } from "./responses.js";
import { languageName, seconds, segmentSchema, verboseSegment } from "./transcription-response.js";
import type { FormFields } from "./upload.js";

const NAMES: FieldNames = { file: "file", model: "model", task: "translate", words: "token_timestamps" };
const FORMATS = ["json", "text", "srt", "vtt", "verbose_json"] as const;

const flag = () =>
  z
    .stringbool({ truthy: [...TRUE_WORDS], falsy: [...FALSE_WORDS], error: "pass true or false" })
    .default(false)
    .meta({ type: "boolean" });

/** What would make another answer than was asked for, or none at all, if it were left out. */
const unavailable = (why: string) =>
  flag()
    .refine((on) => !on, why)
    .meta({ description: "Not available." });
const wholeFile = z
  .string()
  .refine((value) => Number(value) === 0, "the whole file is transcribed here, send the part that you want")
  .optional()
  .meta({ description: "0, for there are no parts of a file here." });

const fieldsSchema = z.object({
  response_format: z.enum(FORMATS, { error: `pass one of ${FORMATS.join(", ")}` }).default("json"),
  language: z
    .string()
    .transform((tag, context) => {
      const language = normalizeLanguageChoice(tag);
      if (language === undefined) context.addIssue({ code: "custom", message: "pass a code such as en, or auto" });
      return language ?? z.NEVER;
    })
    .optional()
    .meta({ description: "Of the speech; without it the server's own setting counts.", example: "en" }),
  detect_language: flag().meta({ description: "The same as language=auto." }),
  translate: flag().meta({ description: "To English." }),
  prompt: z.string().optional().meta({ description: "Text that came before, or words to expect." }),
  temperature: z.coerce
    .number({ error: "pass a number from 0 to 1" })
    .min(0, "pass a number from 0 to 1")
    .max(1, "pass a number from 0 to 1")
    .default(0),
  no_timestamps: flag().meta({ description: "No times of words in verbose_json." }),
  diarize: unavailable("this server does not tell speakers apart"),
  tinydiarize: unavailable("this server does not tell speakers apart"),
  offset_t: wholeFile,
  duration: wholeFile,
});

const answerSchema = z
  .union([
    z.object({ text: z.string() }),
    z.object({
      task: z.enum(["transcribe", "translate"]),
      language: z.string().openapi({ description: "Its English name, in lower case." }),
      duration: z.number().openapi({ description: "Seconds." }),
      text: z.string(),
      segments: z.array(
        segmentSchema.extend({
          words: z
            .array(z.object({ word: z.string(), start: z.number(), end: z.number(), probability: z.number() }))
            .optional(),
        }),
      ),
      detected_language: z.string(),
      detected_language_probability: z.number(),
    }),
  ])
  .openapi("InferenceAnswer", { description: "response_format=json and verbose_json" });

const failureSchema = z
  .object({ error: z.string() })
  .openapi("InferenceError", { example: { error: "What is wrong." } });
const failure = (description: string) => jsonAnswer(description, failureSchema);

/** How this wire tells failures: set for its path before anything can refuse. */
export const whisperCppFailures = createMiddleware<AppEnv>(async (c, next) => {
  c.set("writeFailure", ({ message }, status) => ({ body: { error: message }, status }));
  await next();
});

/** `POST /inference`, as clients of whisper.cpp's example server call it. */
export function whisperCppRoutes(app: App, context: AppContext): void {
  app.openapi(
    createRoute({
      method: "post",
      path: "/inference",
      summary: "The text of an audio file, as whisper.cpp's server gives it",
      tags: ["audio"],
      middleware: [keyAsPassword, requireScope(context.access, "transcribe")],
      request: { body: { required: true, content: { "multipart/form-data": { schema: formSchema() } } } },
      responses: {
        200: {
          description: "The text in the format asked for.",
          content: {
            "application/json": { schema: answerSchema },
            "text/plain": { schema: z.string() },
            "application/x-subrip": { schema: z.string() },
            "text/vtt": { schema: z.string() },
          },
        },
        400: failure("A field or the file is wrong."),
        401: failure("No credentials, or unknown ones."),
        403: failure("The credentials are good, but not for this."),
        413: failure("The file is larger or longer than is taken."),
        415: failure("Audio of a kind that cannot be read here, or a request that is no form."),
        429: failure("A limit of this key is reached; Retry-After says when to come again."),
        500: failure("The server failed; its log tells why."),
        503: failure("No place for now; Retry-After says when to come again."),
      },
    }),
    (c) => infer(c, context) as never,
  );
}

async function infer(c: Context<AppEnv>, context: AppContext): Promise<Response> {
  const job = new FileJob(c, context, NAMES);
  try {
    const asked = readFields(c, await job.receive());
    const { response_format: format, prompt, temperature, translate, language } = asked;
    const task = translate ? "translate" : "transcribe";
    const words = format === "verbose_json" && !asked.no_timestamps;
    const order = { task, language: asked.detect_language ? "auto" : language, prompt, temperature, words } as const;
    const utterances: FileUtterance[] = [];
    for await (const utterance of await job.start(order)) utterances.push(utterance);
    const segments = utterances.flatMap((each) => each.segments);
    const { text, language: spoken, languageConfidence, durationMs } = job.transcription;
    await job.done();
    switch (format) {
      case "json":
        return c.json({ text } satisfies z.infer<typeof answerSchema>);
      case "text":
        // Not as HTML, as whisper.cpp has it: nobody should run what somebody said.
        return c.text(exportTranscript(segments, "txt"));
      case "srt":
        return c.body(exportTranscript(segments, "srt"), 200, { "Content-Type": "application/x-subrip" });
      case "vtt":
        return c.body(exportTranscript(segments, "vtt"), 200, { "Content-Type": "text/vtt" });
      case "verbose_json":
        return c.json({
          task,
          language: languageName(spoken),
          duration: seconds(durationMs),
          text,
          segments: segments.map((segment, id) => ({
            ...verboseSegment(segment, id, temperature),
            ...(segment.words && {
              words: segment.words.map(({ text: word, startMs, endMs, confidence }) => ({
                word,
                start: seconds(startMs),
                end: seconds(endMs),
                probability: confidence,
              })),
            }),
          })),
          detected_language: languageName(spoken),
          detected_language_probability: languageConfidence,
        } satisfies z.infer<typeof answerSchema>);
    }
  } finally {
    await job.done();
  }
}

/** Fields of the form, and of the address: some clients put them there. */
function readFields(c: Context<AppEnv>, form: FormFields): z.output<typeof fieldsSchema> {
  const sent: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(c.req.query())) if (value !== "") sent[name] = value;
  for (const [name, values] of form) {
    if (values.length > 1) throw new FieldError(name, `${name} was sent ${values.length} times; send it once.`);
    if (values[0] !== "") sent[name] = values[0]!;
  }
  const result = fieldsSchema.safeParse(sent);
  if (!result.success) throw fieldErrorOf(result.error, sent);
  tellIgnored(
    c,
    Object.keys(sent).filter((name) => !Object.hasOwn(fieldsSchema.shape, name)),
  );
  return result.data;
}

/** The form as its description has it, for the OpenAPI document. */
function formSchema(): object {
  const { $schema: _, properties = {}, ...schema } = z.toJSONSchema(fieldsSchema, { io: "input" });
  const file = { type: "string", format: "binary", description: "The audio; its content decides of what kind it is." };
  return { ...schema, properties: { file, ...properties }, required: ["file"] };
}
