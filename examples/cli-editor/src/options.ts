/** The command line and the environment. */
import {
  addLanguageOption,
  addServerOption,
  type CommandLineContext,
  connectionOf,
  createCommandLine,
  deviceOf,
  readDotenv,
  type ServerOptions,
  usageError,
} from "@stt/client-node/cli";
import type { Environment } from "@stt/core/config";
import manifest from "../package.json" with { type: "json" };
import type { Texts } from "./texts.js";

/** What the editor was asked to do. */
export interface EditorOptions {
  url: string;
  token: string | undefined;
  language: string | undefined;
  languages: readonly string[] | undefined;
  device: number | string | undefined;
  /** The microphone that was chosen at the first run; the system's where it is not connected. */
  preferredDevice?: string | undefined;
  /** A WAV file in place of a microphone. */
  speechFile: string | undefined;
  autoCopy: boolean;
  draft: boolean;
  /** Spoken commands are obeyed, and spoken punctuation is written as signs. */
  spokenCommands: boolean;
  /** What is said is kept for the next sessions. */
  history: boolean;
  /** The first run is asked for once more. */
  firstRun: boolean;
  /** The file of words to expect, and that of replacements, in place of those that the program keeps. */
  vocabulary: string | undefined;
  replace: string | undefined;
  /** The text file to edit. */
  file: string | undefined;
}

interface Given extends ServerOptions {
  device?: string;
  file?: string;
  autoCopy: boolean;
  draft?: boolean;
  spokenCommands: boolean;
  history: boolean;
  firstRun?: boolean;
  vocabulary?: string;
  replace?: string;
}

/**
 * @param argv without the program and the script.
 * @throws CommanderError for a wrong command line, and after `--help`; SttError `invalid_config`
 */
export function readOptions(
  argv: string[],
  { env, texts, ...context }: CommandLineContext & { env: Environment; texts: Texts },
): EditorOptions {
  const command = createCommandLine("stt-editor", manifest.version, { ...context, texts })
    .description(texts.about)
    .argument("[file]", texts.file)
    .allowExcessArguments();
  addServerOption(command, texts);
  addLanguageOption(command, texts)
    .option("--device <name>", texts.device)
    .option("--file <wav>", texts.speechFile)
    .option("--no-auto-copy", texts.noAutoCopy)
    .option("--no-spoken-commands", texts.noSpokenCommands)
    .option("--no-history", texts.noHistoryFlag)
    .option("--vocabulary <file>", texts.vocabularyFile)
    .option("--replace <file>", texts.replaceFile)
    .option("--draft", texts.draft)
    .option("--first-run", texts.firstRunFlag)
    .addHelpText("after", `\n${texts.keys}\n\n${texts.examples}\n${EXAMPLES}`);
  command.parse(argv, { from: "user" });
  if (command.args.length > 1) throw usageError(texts.oneFile);
  const given = command.opts<Given>();
  const { url, token, language, languages } = connectionOf(given, { env, dotenv: readDotenv() });
  return {
    url,
    token,
    language,
    languages,
    device: given.device === undefined ? undefined : deviceOf(given.device),
    speechFile: given.file,
    autoCopy: given.autoCopy,
    draft: given.draft ?? false,
    spokenCommands: given.spokenCommands,
    history: given.history,
    firstRun: given.firstRun ?? false,
    vocabulary: given.vocabulary,
    replace: given.replace,
    file: command.args[0],
  };
}

const EXAMPLES = `  stt-editor notes.txt
  stt-editor --file samples/en_paragraph_1.wav
  SERVER_HOST=gpu-box stt-editor --language ru`;
