/** The command line: commands, help, and what is said about a wrong one. */
import { isSttError } from "@stt/core";
import { Command, CommanderError } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { addDevicesCommand } from "../commands/devices.js";
import { addLiveCommand } from "../commands/live.js";
import { addTranscribeCommand } from "../commands/transcribe.js";
import type { CliContext } from "./context.js";
import { errorSentence } from "./error-sentence.js";

const USAGE_ERROR = 2;

/**
 * Runs one command line.
 *
 * @param argv without the program and the script.
 * @returns the exit code
 */
export async function runCli(argv: string[], context: CliContext): Promise<number> {
  const { texts, stderr } = context;
  let exitCode = 0;
  const setExitCode = (code: number) => {
    exitCode = code;
  };
  const program = createProgram(context, setExitCode);
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      stderr.write(`${usageSentence(error, argv, context)} ${texts.seeHelp}\n`);
      return USAGE_ERROR;
    }
    stderr.write(`${errorSentence(error, texts)}\n`);
    return isSttError(error) && error.code === "invalid_config" ? USAGE_ERROR : 1;
  }
}

function createProgram(context: CliContext, setExitCode: (code: number) => void): Command {
  const { texts, stdout } = context;
  const titles: Record<string, string> = {
    "Usage:": texts.usage,
    "Options:": texts.options,
    "Arguments:": texts.arguments,
    "Commands:": texts.commands,
  };
  const program = new Command("mic-stream")
    .description(texts.about)
    .version(manifest.version, "-V, --version", texts.version)
    .helpOption("-h, --help", texts.help)
    .helpCommand(false)
    .configureHelp({ styleTitle: (title) => titles[title] ?? title })
    // Errors are worded in one place, `usageSentence`.
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: () => {}, outputError: () => {} })
    .exitOverride()
    .addHelpText("after", `\n${texts.examples}\n${EXAMPLES}\n\n${texts.exitCodes}`);
  addLiveCommand(program, context);
  addTranscribeCommand(program, context, setExitCode);
  addDevicesCommand(program, context);
  return program;
}

const EXAMPLES = `  mic-stream
  mic-stream transcribe samples/en_01.wav
  mic-stream transcribe --language ru --words samples/ru_01.wav
  mic-stream transcribe --json --parallel 4 samples/en_*.wav | jq -r 'select(.type=="final") | .text'
  SERVER_HOST=gpu-box mic-stream devices`;

function usageSentence(error: CommanderError, argv: string[], { texts }: CliContext): string {
  const what = /'([^']+)'/.exec(error.message)?.[1]?.replace(/ <.*$/, "") ?? "";
  switch (error.code) {
    case "commander.unknownOption":
      return texts.unknownOption.replace("{what}", what);
    case "commander.unknownCommand":
      return texts.unknownCommand.replace("{what}", what);
    case "commander.excessArguments":
      // What is not a command goes to the default one, which takes no arguments.
      return texts.unknownCommand.replace("{what}", argv.find((word) => !word.startsWith("-")) ?? "");
    case "commander.missingArgument":
      return texts.missingFile;
    case "commander.optionMissingArgument":
      return texts.missingValue.replace("{what}", what);
    case "commander.invalidArgument":
      // Ours, after commander's preamble.
      return error.message.replace(/^.*? is invalid\. /, "");
    default:
      return error.message;
  }
}
