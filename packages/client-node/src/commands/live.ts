/** Plain `mic-stream`, also `mic-stream client`: the microphone, or standard input, until it ends or Ctrl+C. */
import {
  type AudioSource,
  type Eagerness,
  isSttError,
  messageOf,
  type ServerMessageOf,
  type SttClient,
  type SttClientOptions,
} from "@stt/core";
import { type Command, Option } from "commander";
import { EXIT, type SetExitCode, usageError } from "../cli/command-line.js";
import type { CliContext } from "../cli/context.js";
import { errorSentence } from "../cli/error-sentence.js";
import { addSpeechOptions, clientOptionsOf, durationReader, type SpeechOptions, wordReader } from "../cli/options.js";
import { deviceOf } from "../cli/server-options.js";
import { createSttClient } from "../client.js";
import { nodeClock } from "../clock.js";
import { microphone } from "../microphone.js";
import { LiveFile } from "../output/live-file.js";
import { isStandardOutput } from "../output/output-target.js";
import { TranscriptWriter } from "../output/transcript-writer.js";
import { createRenderer } from "../render/create-renderer.js";
import { LiveRenderer } from "../render/live-renderer.js";
import type { Renderer } from "../render/renderer.js";
import { SilenceWatch } from "../silence-watch.js";
import { terminalClipboard } from "../terminal/clipboard.js";
import { GrowingCopy } from "../terminal/growing-copy.js";
import { STDIN, stdinSource } from "./stdin.js";

interface LiveOptions extends SpeechOptions {
  device?: string;
  untilSilence?: number;
  clipboard?: boolean;
  commands?: boolean;
  endOfTurn?: "silence" | "model";
  eagerness?: Eagerness;
  maxSilence?: number;
}

export function addLiveCommand(program: Command, context: CliContext, setExitCode: SetExitCode): void {
  const { texts } = context;
  const command = program
    .command("client", { isDefault: true })
    .description(texts.client)
    .argument("[-]", texts.source);
  addSpeechOptions(command, context)
    .option("--device <name>", texts.device)
    .option("--output <file>", texts.outputFile)
    .addOption(
      new Option("--until-silence <time>", texts.untilSilence).argParser(
        durationReader(texts.badSilence, [500, 3_600_000]),
      ),
    )
    .option("--clipboard", texts.clipboard)
    .option("--commands", texts.commands)
    .addOption(
      new Option("--end-of-turn <how>", texts.endOfTurn).argParser(
        wordReader(texts.badEndOfTurn, ["silence", "model"]),
      ),
    )
    .addOption(
      new Option("--eagerness <how>", texts.eagerness).argParser(
        wordReader(texts.badEagerness, ["low", "medium", "high"]),
      ),
    )
    .addOption(
      new Option("--max-silence <time>", texts.maxSilence).argParser(
        durationReader(texts.badMaxSilence, [500, 10_000]),
      ),
    )
    .action(async (source: string | undefined, options: LiveOptions) => {
      if (source !== undefined && source !== STDIN) throw usageError(texts.unknownCommand.replace("{what}", source));
      setExitCode(await new LiveCommand(options, context).run(source === STDIN));
    });
}

class LiveCommand {
  readonly #writer: TranscriptWriter;
  readonly #renderer: Renderer;
  #file: LiveFile | undefined;
  #exitCode: number = EXIT.ok;
  /** There is a failure to tell: nothing is waited for. */
  readonly #failed = new AbortController();
  readonly #options: LiveOptions;
  readonly #context: CliContext;

  constructor(options: LiveOptions, context: CliContext) {
    this.#options = options;
    this.#context = context;
    const { format, words = false, json = false, force = false } = options;
    const output = options.output === undefined || isStandardOutput(options.output) ? undefined : options.output;
    if (output !== undefined) {
      const existsSentence = context.texts.exists.replace("{file}", output);
      const changedSentence = context.texts.changedMeanwhile.replace("{file}", output);
      const unreadableSentence = context.texts.unreadableOutput.replace("{file}", output);
      const cancelled = AbortSignal.any([context.interrupted, this.#failed.signal]);
      const onWaiting = () => this.#renderer.notice(context.texts.waitingForReader.replace("{file}", output));
      const sentences = { existsSentence, changedSentence, unreadableSentence };
      this.#file = new LiveFile(output, { format, words, force, cancelled, onWaiting, ...sentences });
    }
    this.#renderer = createRenderer(context, { json, toFile: output !== undefined });
    // Beside a file, the view shows plain lines.
    this.#writer = new TranscriptWriter({ format: this.#file ? "txt" : format, words });
  }

  /** @returns the exit code */
  async run(fromStdin: boolean): Promise<number> {
    const context = this.#context;
    const options = this.#options;
    const renderer = this.#renderer;
    const { interrupted, texts } = context;
    const wishes = { ...turnsOf(options), ...(options.commands ? { commands: true } : {}) };
    const client = createSttClient({ ...clientOptionsOf(options, context), ...wishes });
    const source = { labelled: false, getSnapshot: client.getSnapshot, finalText: this.#finalText };
    const ended = new AbortController();
    const silence = new SilenceWatch(options.untilSilence ?? Number.POSITIVE_INFINITY, nodeClock, () => ended.abort());
    const clipboard = options.clipboard ? this.#clipboard(client) : undefined;
    client.on("event", (event) => {
      silence.take(event);
      if (event.type === "final") this.#keep(event);
      renderer.event(source, event);
      if (event.type === "final") clipboard?.textChanged();
      if (event.type === "command" && event.command === "stop_listening") ended.abort();
      else if (event.type === "command" && !options.json)
        renderer.notice(texts.notObeyed.replace("{command}", () => event.text));
    });
    const flushing = () => renderer.notice(texts.flushing);
    try {
      // The server first: a microphone that records for a server that is not there only delays the message.
      await client.connect({ signal: interrupted });
      const audio = await this.#open(fromStdin);
      await client.start(silence.watch(this.#measured(audio)), { signal: interrupted, live: !fromStdin });
      await over(client, [interrupted, ended.signal]);
      if (interrupted.aborted) flushing();
      else interrupted.addEventListener("abort", flushing, { once: true });
      await client.stop({ drain: fromStdin && !interrupted.aborted && !ended.signal.aborted });
    } catch (error) {
      const code = isSttError(error) ? error.code : undefined;
      if (code === "buffer_overflow") {
        // The rest is whole: it is printed and copied all the same.
        this.#exitCode = EXIT.failed;
        renderer.notice(errorSentence(error, texts));
      }
      // Ctrl+C before the first word: there is nothing to flush.
      else if (!(interrupted.aborted && code === "aborted")) {
        this.#failed.abort();
        throw error;
      }
    } finally {
      interrupted.removeEventListener("abort", flushing);
      silence.dispose();
      renderer.print(this.#writer.end());
      await this.#endFile();
      await clipboard?.end();
      renderer.end();
      await client.close();
    }
    return this.#exitCode;
  }

  #open(fromStdin: boolean): Promise<AudioSource> {
    const options = this.#options;
    const context = this.#context;
    const renderer = this.#renderer;
    if (fromStdin) return stdinSource(options, context);
    return microphone({
      ...(options.device === undefined ? {} : { device: deviceOf(options.device) }),
      onDrop: (ms) => renderer.notice(context.texts.dropped.replace("{seconds}", (ms / 1000).toFixed(1))),
    });
  }

  #measured(source: AudioSource): AudioSource {
    return this.#renderer instanceof LiveRenderer ? this.#renderer.meter.measure(source) : source;
  }

  /** What is printed of a final. */
  readonly #finalText = (final: ServerMessageOf<"final">): string => {
    const isShown = !this.#file || this.#renderer instanceof LiveRenderer;
    return isShown ? this.#writer.add(final) : "";
  };

  /** Into the file. When that fails, nothing is lost: the text goes where it would have gone without one. */
  #keep(final: ServerMessageOf<"final">): void {
    try {
      this.#file?.add(final);
    } catch (error) {
      this.#loseFile(error);
    }
  }

  async #endFile(): Promise<void> {
    try {
      await this.#file?.end();
    } catch (error) {
      this.#loseFile(error);
    }
  }

  #loseFile(error: unknown): void {
    const unwritten = this.#file?.takeUnwritten() ?? "";
    this.#file = undefined;
    this.#exitCode = EXIT.failed;
    this.#renderer.notice(this.#context.texts.notWritten.replace("{reason}", messageOf(error)));
    this.#renderer.print(unwritten);
  }

  #clipboard(client: SttClient): GrowingCopy {
    const { stderr, stdout, env, texts } = this.#context;
    const terminal = [stderr, stdout].find((output) => output.isTTY);
    const clipboard = terminalClipboard(terminal && ((text) => terminal.write(text)), env);
    return new GrowingCopy(clipboard, nodeClock, {
      text: () => client.getSnapshot().committedText,
      onFailed: (outcome) => {
        this.#exitCode = EXIT.failed;
        this.#renderer.notice(outcome === "too long" ? texts.tooLongToCopy : texts.notCopied);
      },
    });
  }
}

/** Until one of the signals fires, or the recording ends by itself. */
function over(client: SttClient, signals: AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const signal of signals) signal.removeEventListener("abort", check);
      stopListening();
      resolve();
    };
    const check = () => {
      const { status } = client.getSnapshot();
      const isEnded = status === "failed" || status === "idle" || status === "finishing";
      if (isEnded || signals.some((signal) => signal.aborted)) done();
    };
    for (const signal of signals) signal.addEventListener("abort", check);
    const stopListening = client.on("event", (event) => {
      if (event.type === "source_end") done();
      else if (event.type === "status") check();
    });
    check();
  });
}

/** Only what was asked for: the rest is the server's to say. */
function turnsOf({ endOfTurn, eagerness, maxSilence }: LiveOptions): Pick<SttClientOptions, "endpointing"> {
  if (!endOfTurn && !eagerness && !maxSilence) return {};
  return {
    endpointing: {
      ...(endOfTurn && { endOfTurn }),
      ...(eagerness && { eagerness }),
      ...(maxSilence && { maxSilenceMs: maxSilence }),
    },
  };
}
