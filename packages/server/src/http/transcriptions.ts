import { abortError, FILE_ENDPOINTING, isSttError, joinText, SttError, type TranscriptionEngine } from "@stt/core";
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { openAudioFile } from "../audio-decoders/open-audio-file.js";
import { FileTranscription, type FileUtterance } from "../jobs/file-transcription.js";
import type { JobSlot } from "../jobs/job-slots.js";
import { ServedModels } from "../models/served-models.js";
import type { SessionSettings } from "../session/settings.js";
import type { App, AppContext, AppEnv } from "./app.js";
import { FieldError } from "./field-error.js";
import { problem } from "./problem.js";
import { requireScope } from "./require-scope.js";
import { readTranscriptionRequest, type TranscriptionRequest } from "./transcription-request.js";
import { renderTranscription, usageOf } from "./transcription-response.js";
import { receiveUpload, type Upload } from "./upload.js";

type Task = "transcribe" | "translate";

/** Most utterances of one file that wait for lanes or run. */
const MAX_IN_FLIGHT = 4;

/** `POST /v1/audio/transcriptions` and `POST /v1/audio/translations`, as OpenAI's clients call them. */
export function transcriptionRoutes(app: App, context: AppContext): void {
  const allowed = requireScope(context.access, "transcribe");
  app.post("/v1/audio/transcriptions", allowed, (c) => transcribe(c, context, "transcribe"));
  app.post("/v1/audio/translations", allowed, (c) => transcribe(c, context, "translate"));
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
    context.host.meter(c.var.principal.name, job?.transcription.durationMs ?? 0);
    await upload?.dispose();
    outgoing.off("close", onClose);
    slot.release();
  };
  try {
    upload = await receiveUpload(incoming, context.config.maxUploadBytes, slot.signal);
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
  const audio = await openAudioFile(path, limits, signal);
  const inFlight = Math.min(services.scheduler.lanes, MAX_IN_FLIGHT);
  const transcription = new FileTranscription(services, { id, engine, settings, inFlight });
  return { transcription, utterances: transcription.run(audio, signal) };
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
    prompt: request.prompt ?? base.prompt,
    temperature: request.temperature,
    words: request.words,
    silenceMs: Math.min(base.silenceMs, FILE_ENDPOINTING.silenceMs),
    minUtteranceMs: Math.min(base.minUtteranceMs, FILE_ENDPOINTING.minUtteranceMs),
    adaptiveEndpointing: false,
  };
}

/** The text as it is decoded: each delta continues the ones before, and all of them are the text of `done`. */
async function streamed(
  c: Context<AppEnv>,
  { log }: AppContext,
  { transcription, utterances }: Job,
  done: () => Promise<void>,
): Promise<Response> {
  // What is wrong with the file shows by its first utterance: until then the answer can have a status of its own.
  let next = await utterances.next();
  return streamSSE(c, async (stream) => {
    const send = (event: object) => stream.writeSSE({ data: JSON.stringify(event) });
    try {
      let text = "";
      for (; !next.done; next = await utterances.next()) {
        const longer = joinText(text, next.value.text, transcription.language);
        await send({ type: "transcript.text.delta", delta: longer.slice(text.length) });
        text = longer;
      }
      await send({ type: "transcript.text.done", text, usage: usageOf(transcription.durationMs) });
    } catch (error) {
      const known = isSttError(error);
      if (!known) log.error({ err: error, request: c.var.requestId }, "a streamed transcription failed");
      await send(
        known ? problem(error.message, error.code) : problem("The server failed to answer this request.", "internal"),
      );
    } finally {
      await utterances.return(undefined);
      await done();
    }
  });
}
