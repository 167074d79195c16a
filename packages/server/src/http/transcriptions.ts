import { createRoute, z } from "@hono/zod-openapi";
import { isSttError, joinText } from "@stt/core";
import type { Context } from "hono";
import type { FileUtterance } from "../jobs/file-transcription.js";
import type { App, AppContext, AppEnv } from "./app-context.js";
import { eventStream, withBeat } from "./event-stream.js";
import { FieldError } from "./field-error.js";
import { type FieldNames, FileJob, type Task } from "./file-job.js";
import { isOurFault, problem } from "./problem.js";
import { requireScope } from "./require-scope.js";
import { BUSY, FAILED, failure, REFUSED } from "./responses.js";
import { formSchema, readTranscriptionRequest } from "./transcription-request.js";
import {
  renderTranscription,
  type StreamEvent,
  streamEventSchema,
  transcriptionSchema,
  usageOf,
  verboseTranscriptionSchema,
} from "./transcription-response.js";

/** OpenAI's form has no field for a task: a model is chosen for it. */
const NAMES: FieldNames = { file: "file", model: "model", task: "model", words: "timestamp_granularities" };

/** `POST /v1/audio/transcriptions` and `POST /v1/audio/translations`, as OpenAI's clients call them. */
export function transcriptionRoutes(app: App, context: AppContext): void {
  const allowed = requireScope(context.access, "transcribe");
  const routeOf = (path: string, task: Task, summary: string) =>
    createRoute({
      method: "post",
      path,
      summary,
      tags: ["audio"],
      middleware: allowed,
      // As a description only: the form is read as it comes, and its file goes to the disk.
      request: { body: { required: true, content: { "multipart/form-data": { schema: formSchema(task) } } } },
      responses: {
        200: {
          description: "The text in the format asked for.",
          content: {
            "application/json": { schema: z.union([transcriptionSchema, verboseTranscriptionSchema]) },
            "text/plain": { schema: z.string() },
            "text/vtt": { schema: z.string() },
            ...(task === "transcribe" && { "text/event-stream": { schema: streamEventSchema } }),
          },
        },
        400: failure("A field or the file is wrong."),
        ...REFUSED,
        404: failure("There is no such model."),
        413: failure("The file is larger or longer than is taken."),
        415: failure("Audio of a kind that cannot be read here, or a request that is no form."),
        ...BUSY,
        ...FAILED,
      },
    });
  app.openapi(routeOf("/v1/audio/transcriptions", "transcribe", "The text of an audio file"), (c) =>
    transcribe(c, context, "transcribe"),
  );
  app.openapi(routeOf("/v1/audio/translations", "translate", "The text of an audio file, in English"), (c) =>
    transcribe(c, context, "translate"),
  );
}

async function transcribe(c: Context<AppEnv>, context: AppContext, task: Task): Promise<Response> {
  const job = new FileJob(c, context, NAMES);
  try {
    const request = readTranscriptionRequest(await job.receive(), task);
    const pending = await job.start({ ...request, task });
    if (request.stream) return streamed(c, context, job, pending);
    const utterances: FileUtterance[] = [];
    for await (const utterance of pending) utterances.push(utterance);
    const { language, durationMs, text } = job.transcription;
    const { body, type } = renderTranscription({ task, language, durationMs, text, utterances }, request);
    await job.done();
    return c.body(body, 200, { "Content-Type": type });
  } catch (error) {
    await job.done();
    throw error;
  }
}

/** The text as it is decoded: each delta continues the ones before, and all of them are the text of `done`. */
function streamed(
  c: Context<AppEnv>,
  { log, host }: AppContext,
  job: FileJob,
  utterances: AsyncGenerator<FileUtterance>,
): Response {
  const { transcription } = job;
  async function* events(): AsyncGenerator<StreamEvent> {
    try {
      let text = "";
      for await (const utterance of utterances) {
        const longer = joinText(text, utterance.text, transcription.language);
        yield { type: "transcript.text.delta", delta: longer.slice(text.length) };
        text = longer;
      }
      yield { type: "transcript.text.done", text, usage: usageOf(transcription.durationMs) };
    } catch (error) {
      const known = isSttError(error);
      if (!known || isOurFault(error.code))
        log.error({ err: error, request: c.var.requestId }, "a streamed transcription failed");
      yield known
        ? problem(error.message, error.code, error instanceof FieldError ? error.param : null)
        : problem("The server failed to answer this request.", "internal");
    }
  }
  const onEnd = async () => {
    await utterances.return(undefined);
    await job.done();
  };
  return eventStream(c, withBeat(events(), host.clock), { onEnd });
}
