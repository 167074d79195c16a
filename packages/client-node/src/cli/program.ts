/** The command line of `mic-stream`. */
import { type Command, CommanderError } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { addDevicesCommand } from "../commands/devices.js";
import { addDoctorCommand } from "../commands/doctor.js";
import { addLiveCommand } from "../commands/live.js";
import { addMcpCommand } from "../commands/mcp.js";
import { addStatusCommand } from "../commands/status.js";
import { addTranscribeCommand } from "../commands/transcribe.js";
import { createCommandLine, reportFailure, type SetExitCode, usageError } from "./command-line.js";
import type { CliContext } from "./context.js";

/**
 * Runs one command line.
 *
 * @param argv without the program and the script.
 * @returns the exit code
 */
export async function runCli(argv: string[], context: CliContext): Promise<number> {
  let exitCode = 0;
  const program = createProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    return reportFailure(worded(error, argv, context), "mic-stream", context);
  }
}

function createProgram(context: CliContext, setExitCode: SetExitCode): Command {
  const { texts } = context;
  const program = createCommandLine("mic-stream", manifest.version, context)
    .description(texts.about)
    .addHelpText("after", `\n${texts.examples}\n${EXAMPLES}\n\n${texts.exitCodes}`);
  addLiveCommand(program, context, setExitCode);
  addTranscribeCommand(program, context, setExitCode);
  addDevicesCommand(program, context);
  addStatusCommand(program, context, setExitCode);
  addDoctorCommand(program, context, setExitCode);
  addMcpCommand(program, context);
  return program;
}

const EXAMPLES = `  mic-stream --until-silence 5s --clipboard
  mic-stream transcribe samples/en_*.wav --output texts/ --parallel 4
  mic-stream transcribe samples/ru_01.wav --language ru --format srt
  cat samples/en_01.wav | mic-stream -`;

/** What only this program's commands can be missing. */
function worded(error: unknown, argv: string[], { texts }: CliContext): unknown {
  if (!(error instanceof CommanderError)) return error;
  if (error.code === "commander.missingArgument") return usageError(texts.missingFile);
  if (error.code === "commander.excessArguments") {
    return usageError(texts.unknownCommand.replace("{what}", argv.find((word) => !word.startsWith("-")) ?? ""));
  }
  return error;
}
