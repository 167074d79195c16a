import { createRoute, z } from "@hono/zod-openapi";
import {
  abortError,
  FILE_ENDPOINTING,
  isSttError,
  joinText,
  SttError,
  type TranscriptionEngine,
  vocabularyOf,
} from "@stt/core";
import type { Context } from "hono";
import { openAudioFile } from "../audio-decoders/open-audio-file.js";
import { FileTranscription, type FileUtterance } from "../jobs/file-transcription.js";
import type { JobSlot } from "../jobs/job-slots.js";
import { ServedModels } from "../models/served-models.js";

import type { SessionSettings } from "../settings/session-settings.js";
import { acceptBody } from "./accept-body.js";

import type { App, AppContext, AppEnv } from "./app-context.js";
import { eventStream, withBeat } from "./event-stream.js";
import { FieldError } from "./field-error.js";
import { isOurFault, problem } from "./problem.js";
import { requireScope } from "./require-scope.js";
import { BUSY, FAILED, failure, REFUSED } from "./responses.js";
import { formSchema, readTranscriptionRequest, type TranscriptionRequest } from "./transcription-request.js";
import {
  renderTranscription,
  type StreamEvent,
  streamEventSchema,
  transcriptionSchema,
  usageOf,
  verboseTranscriptionSchema,
} from "./transcription-response.js";
import { receiveUpload, type Upload } from "./upload.js";

type Task = "transcribe" | "translate";

/** Most utterances of one file that wait for lanes or run. */
const MAX_IN_FLIGHT = 4;

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
  const slot = context.jobs.take();
  const { incoming, outgoing } = c.env;
  const onClose = () => {
    if (!outgoing.writableFinished) slot.abort(new SttError("aborted", "The client went away."));
  };
  outgoing.once("close", onClose);
  let upload: Upload | undefined;
  let job: Job | undefined;
  const done = async () => {
    context.host.addAudio(c.var.principal.name, job?.transcription.durationMs ?? 0);
    // Whatever of it still runs, such as a decoder that nobody reads, ends.
    slot.abort(new SttError("aborted", "The request is over."));
    await upload?.dispose();
    outgoing.off("close", onClose);
    slot.release();
  };
  try {
    upload = await receiveUpload(incoming, {
      maxBytes: context.config.maxUploadBytes,
      signal: slot.signal,
      onAccept: () => acceptBody(c.env),
    });
    const request = readTranscriptionRequest(upload.fields, task);
    if (upload.path === undefined) throw new FieldError("file", "There is no audio: send it in the field file.");
    job = await startJob(c.var.requestId, context, upload.path, request, task, slot);
    if (request.stream) return await streamed(c, context, job, done);
    const utterances: FileUtterance[] = [];
    for await (const utterance of job.utterances) utterances.push(utterance);
    const { language, durationMs, text } = job.transcription;
    const { body, type } = renderTranscription({ task, language, durationMs, text, utterances }, request);
    await done();
    return c.body(body, 200, { "Content-Type": type });
  } catch (error) {
    await done();
    throw error;
  }
}

interface Job {
  transcription: FileTranscription;
  utterances: AsyncGenerator<FileUtterance>;
}

async function startJob(
  id: string,
  context: AppContext,
  path: string,
  request: TranscriptionRequest,
  task: Task,
  { signal }: JobSlot,
): Promise<Job> {
  // A server that is closed while its models load would wait for this request, and this request for the models.
  const services = await Promise.race([context.host.services(), aborted(signal)]);
  const engine = engineFor(new ServedModels(services), request, task, services.finalEngine);
  const settings = fileSettings(context.host.defaults(), request, task);
  const limits = { maxDurationMs: context.config.maxUploadDurationMs };
  const onComplaint = (words: string) => context.log.info({ request: id, words }, "ffmpeg refused a file");
  const audio = await started(openAudioFile(path, limits, signal, onComplaint));
  const inFlight = Math.min(services.scheduler.lanes, MAX_IN_FLIGHT);
  const transcription = new FileTranscription(services, { id, engine, settings, inFlight });
  return { transcription, utterances: transcription.run(audio, signal) };
}

/**
 * The audio of a file whose first second was decoded: what is wrong with a file mostly shows by then. Whatever the decoders
 * have against it is about the field `file`.
 */
async function started(opening: Promise<AsyncIterable<Float32Array>>): Promise<AsyncIterable<Float32Array>> {
  try {
    const pieces = (await opening)[Symbol.asyncIterator]();
    const first = await pieces.next();
    return continued(first, pieces);
  } catch (error) {
    throw aboutFile(error);
  }
}

async function* continued(
  first: IteratorResult<Float32Array>,
  pieces: AsyncIterator<Float32Array>,
): AsyncGenerator<Float32Array> {
  try {
    for (let next = first; !next.done; next = await pieces.next()) yield next.value;
  } catch (error) {
    throw aboutFile(error);
  } finally {
    await pieces.return?.();
  }
}

function aboutFile(error: unknown): unknown {
  if (!isSttError(error) || error.code === "aborted" || isOurFault(error.code)) return error;
  return new FieldError("file", error.message, error.code, error);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(abortError(signal.reason));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}

function engineFor(
  models: ServedModels,
  { model, words }: TranscriptionRequest,
  task: Task,
  usual: TranscriptionEngine,
): TranscriptionEngine {
  let engine = usual;
  try {
    if (model !== undefined) engine = models.engine(model);
  } catch (error) {
    if (isSttError(error)) throw new FieldError("model", error.message, error.code);
    throw error;
  }
  const { capabilities } = engine.info;
  if (task === "translate" && !capabilities.translation) {
    throw new FieldError("model", `The model ${engine.info.model} cannot translate. Use /v1/audio/transcriptions.`);
  }
  if (words && !capabilities.wordTimestamps) {
    throw new FieldError("timestamp_granularities", `The model ${engine.info.model} gives no times of words.`);
  }
  return engine;
}

function fileSettings(base: SessionSettings, request: TranscriptionRequest, task: Task): SessionSettings {
  return {
    ...base,
    task,
    language: request.language ?? base.language,
    languages: request.languages ?? base.languages,
    prompt: request.prompt ?? base.prompt,
    vocabulary: vocabularyOf(request.keywords, base.vocabulary),
    temperature: request.temperature,
    words: request.words,
    silenceMs: Math.min(base.silenceMs, FILE_ENDPOINTING.silenceMs),
    minUtteranceMs: Math.min(base.minUtteranceMs, FILE_ENDPOINTING.minUtteranceMs),
    adaptiveEndpointing: false,
  };
}

/** The text as it is decoded: each delta continues the ones before, and all of them are the text of `done`. */
function streamed(
  c: Context<AppEnv>,
  { log, host }: AppContext,
  { transcription, utterances }: Job,
  done: () => Promise<void>,
): Response {
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
    await done();
  };
  return eventStream(c, withBeat(events(), host.clock), { onEnd });
}
