import { createRoute, z } from "@hono/zod-openapi";
import { SttError, type SttErrorCode } from "@stt/core";
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { FileUtterance } from "../../jobs/file-transcription.js";
import type { App, AppContext, AppEnv } from "../app-context.js";
import { type FieldNames, FileJob } from "../file-job.js";
import { requireScope } from "../require-scope.js";
import { jsonAnswer } from "../responses.js";
import { deepgramProblem } from "./deepgram-problem.js";
import { prerecordedAnswer, prerecordedSchema } from "./prerecorded-answer.js";
import { readPrerecordedOptions } from "./prerecorded-options.js";
import { openRawAudio } from "./raw-audio.js";

const NAMES: FieldNames = { file: "body", model: "model", task: "task", words: "words" };

const problemSchema = z
  .object({ err_code: z.string(), err_msg: z.string(), request_id: z.string() })
  .openapi("DeepgramError", {
    example: { err_code: "INVALID_QUERY_PARAMETER", err_msg: "What is wrong.", request_id: "..." },
  });
const failure = (description: string) => jsonAnswer(description, problemSchema);

/** How this wire tells failures: set for its path before anything can refuse. */
export const deepgramFailures = createMiddleware<AppEnv>(async (c, next) => {
  c.set("writeFailure", ({ code, message }, status) => ({
    body: deepgramProblem({ code: code as SttErrorCode, message }, c.var.requestId),
    status,
  }));
  await next();
});

/** `POST /v1/listen`, as Deepgram's clients send a file. */
export function prerecordedRoutes(app: App, context: AppContext): void {
  app.openapi(
    createRoute({
      method: "post",
      path: "/v1/listen",
      summary: "The text of an audio file, as Deepgram gives it",
      tags: ["audio"],
      middleware: [requireScope(context.access, "transcribe")],
      request: {
        body: {
          required: true,
          description: "The audio itself; docs/deepgram.md has the options of the URL.",
          content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
        },
      },
      responses: {
        200: jsonAnswer("The text, with the times and the confidence of its words.", prerecordedSchema),
        400: failure("An option or the audio is wrong."),
        401: failure("No credentials, or unknown ones."),
        403: failure("The credentials are good, but not for this."),
        413: failure("The file is larger or longer than is taken."),
        415: failure("Audio of a kind that cannot be read here."),
        429: failure("A limit of this key is reached; Retry-After says when to come again."),
        500: failure("The server failed; its log tells why."),
        503: failure("No place for now; Retry-After says when to come again."),
      },
    }),
    (c) => transcribe(c, context) as never,
  );
}

async function transcribe(c: Context<AppEnv>, context: AppContext): Promise<Response> {
  const options = readPrerecordedOptions(new URL(c.req.url).searchParams);
  if (c.req.header("content-type")?.startsWith("application/json")) {
    throw new SttError("invalid_argument", "This server fetches nothing: send the audio itself, not its URL.");
  }
  const created = new Date().toISOString();
  const job = new FileJob(c, context, NAMES);
  try {
    const sha256 = await job.receiveBody();
    const { audio, session } = options;
    const order = { task: "transcribe", temperature: 0, words: true, session } as const;
    const utterances: FileUtterance[] = [];
    for await (const utterance of await job.start(order, audio ? { open: openRawAudio(audio) } : {})) {
      utterances.push(utterance);
    }
    const { text, language, durationMs } = job.transcription;
    const { finalEngine } = await context.host.services();
    const model = finalEngine.info.model;
    const requestId = c.var.requestId;
    const result = { requestId, created, sha256, durationMs, model, language, text, utterances };
    return c.json(prerecordedAnswer(result, options));
  } finally {
    await job.done();
  }
}
