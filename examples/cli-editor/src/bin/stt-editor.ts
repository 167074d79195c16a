/** The program behind `stt-editor`. */
import { constants } from "node:os";
import { createSttClient } from "@stt/client-node";
import { localeFrom, reportFailure, usageError } from "@stt/client-node/cli";
import { messageOf } from "@stt/core";
import { Editor, type EditorContext } from "../app.js";
import { stateFolder } from "../drafts.js";
import { FirstRun } from "../first-run/first-run.js";
import { recallFirstRun, rememberFirstRun } from "../first-run/memory.js";
import { type EditorOptions, readOptions } from "../options.js";
import { NoPlainFileError, TextFile } from "../text-file.js";
import { textsOf } from "../texts.js";
import { PersonalWords } from "../words/personal-words.js";

const { env, stdout, stderr, stdin } = process;
const locale = localeFrom(env);
const texts = textsOf(locale);
/** Of what stands in the terminal now: leaves it, and keeps the text. */
let close = (): unknown => undefined;

try {
  await main();
} catch (error) {
  process.exitCode = reportFailure(error, "stt-editor", { stdout, stderr, texts });
}

async function main(): Promise<void> {
  const given = readOptions(process.argv.slice(2), { env, stdout, stderr, texts });
  if (!stdin.isTTY || !stdout.isTTY) throw usageError(texts.notTerminal);
  const file = openFile(given.file);
  const words = openWords(given);
  watch();
  const options = await prepare(given);
  if (options) await edit(options, { file, words });
  // Nothing that is still open, such as a microphone's thread, may keep the shell waiting.
  process.exit(0);
}

/** The first time, or when it is asked for, everything that dictation needs is tried. @returns undefined for no editor */
async function prepare(options: EditorOptions): Promise<EditorOptions | undefined> {
  const folder = stateFolder(env);
  const { isOver, device } = recallFirstRun(folder);
  const known = { ...options, preferredDevice: device };
  // A recording needs no microphone.
  if (!options.firstRun && (isOver || options.speechFile !== undefined)) return known;
  const firstRun = new FirstRun(known, locale);
  close = firstRun.close;
  const outcome = await firstRun.run();
  try {
    rememberFirstRun(folder, outcome.device);
  } catch (error) {
    stderr.write(`${texts.firstNotKept.replace("{reason}", messageOf(error))}\n`);
  }
  return outcome.goesOn ? { ...known, preferredDevice: outcome.device } : undefined;
}

async function edit(options: EditorOptions, { file, words }: Pick<EditorContext, "file" | "words">): Promise<void> {
  const client = createSttClient({
    url: options.url,
    ...(options.token ? { token: options.token } : {}),
    ...(options.language ? { language: options.language } : {}),
    ...(options.languages ? { languages: [...options.languages] } : {}),
    commands: options.spokenCommands,
    spokenPunctuation: options.spokenCommands,
    ...words.wishes,
    // What is said before the server is there is not lost either.
    reconnect: { initial: true },
  });
  const editor = new Editor({ options, env, locale, client, words, file });
  close = editor.close;
  const wasKept = await editor.run();
  const command = `stt-editor --draft${options.file === undefined ? "" : ` ${options.file}`}`;
  if (wasKept) stderr.write(`${texts.draftKept.replace("{command}", command)}\n`);
  await client.close();
}

/** However the program ends: the text is kept and the terminal is left as it was found. */
function watch(): void {
  for (const signal of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
    process.on(signal, () => {
      close();
      process.exit(128 + constants.signals[signal]);
    });
  }
  const crash = (error: unknown) => {
    close();
    stderr.write(`${error instanceof Error ? error.stack : messageOf(error)}\n`);
    process.exit(1);
  };
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
}

function openWords(options: EditorOptions): PersonalWords {
  try {
    return new PersonalWords(stateFolder(env), options, options);
  } catch (error) {
    throw new Error(texts.wordsUnreadable.replace("{reason}", messageOf(error)));
  }
}

function openFile(file: string | undefined): TextFile | undefined {
  if (file === undefined) return undefined;
  try {
    return new TextFile(file);
  } catch (error) {
    if (error instanceof TypeError) throw new Error(texts.notText.replace("{file}", file));
    if (error instanceof NoPlainFileError) throw new Error(texts.notPlain.replace("{file}", file));
    throw new Error(texts.unreadable.replace("{file}", file).replace("{reason}", messageOf(error)));
  }
}
