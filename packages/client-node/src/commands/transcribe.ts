/** `mic-stream transcribe FILE...` */
import type { Command } from "commander";
import type { CliContext } from "../cli/context.js";
import { errorSentence } from "../cli/error-sentence.js";
import { addServerOptions, clientOptionsOf, integerWithin, type ServerOptions } from "../cli/options.js";
import { createSttClient } from "../client.js";
import { fileSource } from "../file-source.js";
import { createRenderer, type Renderer } from "../render/renderer.js";

interface TranscribeOptions extends ServerOptions {
  pace: 0 | 1;
  parallel: number;
}

/** A file is not worth waiting for for ever: after this long without a server it counts as failed. */
const GIVE_UP_AFTER_MS = 60_000;

export function addTranscribeCommand(program: Command, context: CliContext, setExitCode: (code: number) => void): void {
  const { texts } = context;
  const command = program.command("transcribe").description(texts.transcribe).argument("<files...>", texts.files);
  addServerOptions(command, context)
    .option("--pace <0|1>", texts.pace, integerWithin(0, 1, texts.badPace), 0)
    .option("--parallel <n>", texts.parallel, integerWithin(1, 64, texts.badParallel), 1)
    .action(async (files: string[], options: TranscribeOptions) => {
      setExitCode(await transcribeFiles(files, options, context));
    });
}

/** @returns the exit code */
async function transcribeFiles(files: string[], options: TranscribeOptions, context: CliContext): Promise<number> {
  const clientOptions = clientOptionsOf(options, context);
  const renderer = createRenderer(context, options);
  const queue = [...files];
  let failed = false;
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined && !context.interrupted.aborted; file = queue.shift()) {
      try {
        const client = createSttClient({ ...clientOptions, reconnect: { giveUpAfterMs: GIVE_UP_AFTER_MS } });
        await transcribeFile(file, client, { pace: options.pace, labelled: files.length > 1 }, renderer, context);
      } catch (error) {
        failed = true;
        const sentence = errorSentence(error, context.texts);
        renderer.notice(sentence.includes(file) ? sentence : `${file}: ${sentence}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.parallel, files.length) }, worker));
  renderer.end();
  if (context.interrupted.aborted) {
    context.stderr.write(`${context.texts.interrupted}\n`);
    return 1;
  }
  return failed ? 1 : 0;
}

async function transcribeFile(
  file: string,
  client: ReturnType<typeof createSttClient>,
  options: { pace: 0 | 1; labelled: boolean },
  renderer: Renderer,
  context: CliContext,
): Promise<void> {
  const source = { file, labelled: options.labelled, getSnapshot: client.getSnapshot };
  client.on("event", (event) => renderer.event(source, event));
  const flush = () => {
    void client.stop({ drain: false }).catch(() => {});
  };
  try {
    const audio = await fileSource(file);
    await client.start(audio, { pace: options.pace });
    context.interrupted.addEventListener("abort", flush, { once: true });
    await client.stop({ drain: !context.interrupted.aborted });
  } finally {
    context.interrupted.removeEventListener("abort", flush);
    await client.close();
  }
}
