/** `mic-stream transcribe FILE...` */
import { FILE_ENDPOINTING, isSttError, messageOf, type SttClient, SttError } from "@stt/core";
import { type Command, Option } from "commander";
import { EXIT, integerWithin, type SetExitCode, usageError } from "../cli/command-line.js";
import type { CliContext } from "../cli/context.js";
import { errorSentence } from "../cli/error-sentence.js";
import { addSpeechOptions, clientOptionsOf, type SpeechOptions } from "../cli/options.js";
import { writeFileWhole } from "../cli/whole-file.js";
import { createSttClient } from "../client.js";
import { fileSource } from "../file-source.js";
import { type Job, planOutputs, stateOf } from "../output/output-plan.js";
import { fileVersion, isPipeOrDevice } from "../output/output-target.js";
import { StreamOutput } from "../output/stream-output.js";
import { TranscriptWriter } from "../output/transcript-writer.js";
import { createRenderer, isWatched } from "../render/create-renderer.js";
import { JsonRenderer } from "../render/json-renderer.js";
import { ProgressRenderer } from "../render/progress-renderer.js";
import type { Renderer } from "../render/renderer.js";
import { STDIN, stdinSource } from "./stdin.js";

interface TranscribeOptions extends SpeechOptions {
  pace: 0 | 1;
  parallel: number;
}

/** A file is not worth waiting for for ever: after this long without a server it counts as failed. */
const GIVE_UP_AFTER_MS = 60_000;

export function addTranscribeCommand(program: Command, context: CliContext, setExitCode: SetExitCode): void {
  const { texts } = context;
  const command = program.command("transcribe").description(texts.transcribe).argument("<files...>", texts.files);
  addSpeechOptions(command, context)
    .option("--output <path>", texts.outputFiles)
    .addOption(
      new Option("--parallel <n>", texts.parallel).argParser(integerWithin(1, 64, texts.badParallel)).default(1),
    )
    .addOption(new Option("--pace <0|1>", texts.pace).argParser(integerWithin(0, 1, texts.badPace)).default(0))
    .action(async (files: string[], options: TranscribeOptions) => {
      setExitCode(await new TranscribeCommand(planOutputs(files, options, texts), options, context).run());
    });
}

class TranscribeCommand {
  readonly #failed: string[] = [];
  /** Of the outputs, before anything was said. */
  readonly #versions = new Map<string, string | undefined>();
  #renderer!: Renderer;
  readonly #jobs: readonly Job[];
  readonly #options: TranscribeOptions;
  readonly #context: CliContext;

  constructor(jobs: readonly Job[], options: TranscribeOptions, context: CliContext) {
    this.#jobs = jobs;
    this.#options = options;
    this.#context = context;
  }

  /** @returns the exit code */
  async run(): Promise<number> {
    const jobs = this.#jobs;
    const options = this.#options;
    const context = this.#context;
    const { interrupted, texts, stderr } = context;
    // A mistake in the configuration is one mistake, however many files there are.
    const clientOptions = {
      ...clientOptionsOf(options, context),
      endpointing: FILE_ENDPOINTING,
      reconnect: { giveUpAfterMs: GIVE_UP_AFTER_MS },
    };
    const states = new Map(jobs.map((job) => [job, options.force ? "to do" : stateOf(job)]));
    const todo = jobs.filter((job) => states.get(job) === "to do");
    for (const { isNamed, output } of jobs) {
      if (isNamed && output !== undefined && todo.length === 0)
        throw usageError(texts.exists.replace("{file}", output));
    }
    this.#renderer = await this.#createRenderer(todo);
    for (const job of jobs) {
      if (states.get(job) === "complete") this.#skip(job);
      if (states.get(job) === "would be lost") this.#refuse(job);
    }
    for (const { output } of todo) if (output !== undefined) this.#versions.set(output, fileVersion(output));
    const queue = [...todo];
    const worker = async () => {
      for (let job = queue.shift(); job !== undefined && !interrupted.aborted; job = queue.shift()) {
        await this.#attempt(job, createSttClient(clientOptions));
      }
    };
    await Promise.all(Array.from({ length: Math.min(options.parallel, todo.length) }, worker));
    this.#renderer.end();
    if (interrupted.aborted) {
      stderr.write(`${texts.interrupted}\n`);
      return EXIT.interrupted;
    }
    if (this.#failed.length === 0) return EXIT.ok;
    if (jobs.length > 1) {
      const counts = { count: this.#failed.length, total: jobs.length, files: this.#failed.join(", ") };
      stderr.write(`${texts.someFailed.replace(/\{(\w+)\}/g, (_, key) => String(counts[key as "count"]))}\n`);
    }
    return EXIT.failed;
  }

  async #createRenderer(todo: readonly Job[]): Promise<Renderer> {
    const context = this.#context;
    const options = this.#options;
    const jobs = this.#jobs;
    const { json = false, output } = options;
    const isOneForTheEye = jobs.length === 1 && output === undefined;
    if (json || isOneForTheEye || !isWatched(context)) return createRenderer(context, { json, toFile: false });
    const durations = new Map<string, number>();
    for (const { file } of todo) durations.set(file, await durationOf(file));
    return new ProgressRenderer(context, durations, process.stderr);
  }

  #skip({ file, output = "" }: Job): void {
    const renderer = this.#renderer;
    const context = this.#context;
    if (renderer instanceof JsonRenderer) renderer.line({ file, type: "skipped", output });
    else renderer.notice(context.texts.skipped.replace("{file}", file).replace("{output}", output));
  }

  #refuse({ file, output = "" }: Job): void {
    const sentence = this.#context.texts.olderOutput.replace("{file}", file).replace("{output}", output);
    this.#fail(file, new SttError("io_error", sentence), sentence);
  }

  /** One file; its failure is told and remembered, and the others go on. */
  async #attempt(job: Job, client: SttClient): Promise<void> {
    const { file } = job;
    const renderer = this.#renderer;
    const context = this.#context;
    let isTold = false;
    client.on("error", ({ fatal }) => {
      isTold ||= fatal;
    });
    try {
      await this.#transcribe(job, client);
    } catch (error) {
      if (context.interrupted.aborted) return;
      this.#fail(file, error, errorSentence(error, context.texts), isTold);
    } finally {
      await client.close();
      if (renderer instanceof ProgressRenderer) renderer.fileDone(file);
    }
  }

  #fail(file: string, error: unknown, sentence: string, isTold = false): void {
    const renderer = this.#renderer;
    this.#failed.push(file);
    renderer.notice(sentence.includes(file) ? sentence : `${file}: ${sentence}`);
    if (!(renderer instanceof JsonRenderer) || isTold) return;
    const code = isSttError(error) ? error.code : "internal";
    renderer.line({ file, type: "error", code, message: messageOf(error), fatal: true });
  }

  async #transcribe({ file, output }: Job, client: SttClient): Promise<void> {
    const options = this.#options;
    const context = this.#context;
    const renderer = this.#renderer;
    const { interrupted } = context;
    const { format, words = false, pace } = options;
    const labelled = this.#jobs.length > 1;
    const writer = new TranscriptWriter({
      format,
      words,
      ...(labelled && output === undefined ? { label: file } : {}),
    });
    let text = "";
    client.on("event", (event) => {
      const piece = event.type === "final" ? writer.add(event) : "";
      text += piece;
      renderer.event(
        { file, labelled, getSnapshot: client.getSnapshot, finalText: () => (output === undefined ? piece : "") },
        event,
      );
    });
    const flush = () => {
      void client.stop({ drain: false }).catch(() => {});
    };
    try {
      const audio = file === STDIN ? await stdinSource(options, context) : await fileSource(file);
      await client.start(audio, { pace, live: false });
      interrupted.addEventListener("abort", flush, { once: true });
      await client.stop({ drain: !interrupted.aborted });
    } finally {
      interrupted.removeEventListener("abort", flush);
      const rest = writer.end();
      text += rest;
      if (output === undefined) renderer.print(rest);
    }
    // Half a text would pass for a whole one the next time.
    if (output !== undefined && !interrupted.aborted) await this.#write(output, text);
  }

  /** @throws SttError `io_error`; the text is printed then, so that nobody has to say it again */
  async #write(output: string, text: string): Promise<void> {
    try {
      if (isPipeOrDevice(output)) {
        const onWaiting = () => this.#renderer.notice(this.#context.texts.waitingForReader.replace("{file}", output));
        const stream = new StreamOutput(output, { cancelled: this.#context.interrupted, onWaiting });
        stream.write(text);
        await stream.end();
        return;
      }
      if (!this.#options.force && fileVersion(output) !== this.#versions.get(output)) {
        throw new SttError("io_error", this.#context.texts.changedMeanwhile.replace("{file}", output));
      }
      writeFileWhole(output, text);
    } catch (cause) {
      this.#renderer.print(text);
      const reason = isSttError(cause) ? cause.message : `${output} cannot be written: ${messageOf(cause)}.`;
      throw new SttError("io_error", this.#context.texts.notWritten.replace("{reason}", reason), { cause });
    }
  }
}

/** Milliseconds; 0 for what cannot be told, or not be read: that is reported when its turn comes. */
async function durationOf(file: string): Promise<number> {
  if (file === STDIN) return 0;
  try {
    const source = await fileSource(file);
    await source.close();
    return source.durationMs ?? 0;
  } catch {
    return 0;
  }
}
