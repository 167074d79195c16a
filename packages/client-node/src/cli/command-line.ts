/** What every command line of ours has in common: words in the person's language, one sentence for a mistake, exit codes. */
import { isSttError } from "@stt/core";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import type { Output } from "./context.js";
import { errorSentence } from "./error-sentence.js";
import type { SharedTexts } from "./shared-texts.js";

/** Every command says with which code the program ends. */
export type SetExitCode = (code: number) => void;

/** Exit codes, documented in docs/terminal.md. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The part of a context that a command line needs. */
export interface CommandLineContext {
  stdout: Output;
  stderr: Output;
  texts: SharedTexts;
}

/** A program that speaks the person's language and never ends the process by itself: what is wrong is thrown. */
export function createCommandLine(name: string, version: string, { texts, stdout }: CommandLineContext): Command {
  const titles: Record<string, string> = {
    "Usage:": texts.usage,
    "Options:": texts.options,
    "Arguments:": texts.arguments,
    "Commands:": texts.commands,
  };
  return (
    new Command(name)
      .version(version, "-V, --version", texts.version)
      .helpOption("-h, --help", texts.help)
      .helpCommand(false)
      .configureHelp({
        styleTitle: (title) => titles[title] ?? title,
        styleUsage: (usage) => usage.replace("[options]", texts.optionsPlace).replace("[command]", texts.commandPlace),
        // Defaults are part of the sentences.
        optionDescription: ({ description }) => description,
      })
      // Errors are worded in one place, `reportFailure`.
      .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: () => {}, outputError: () => {} })
      .exitOverride()
  );
}

/**
 * Says on stderr what ended a program.
 *
 * @returns the exit code; 0 after `--help` and `--version`
 */
export function reportFailure(error: unknown, program: string, { texts, stderr }: CommandLineContext): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.ok;
    stderr.write(`${usageSentence(error, texts)} ${texts.seeHelp.replace("{program}", program)}\n`);
    return EXIT.usage;
  }
  stderr.write(`${errorSentence(error, texts)}\n`);
  return isSttError(error) && error.code === "invalid_config" ? EXIT.usage : EXIT.failed;
}

/** A mistake on the command line that commander cannot see. @param sentence complete, in the person's language */
export function usageError(sentence: string): CommanderError {
  return new CommanderError(EXIT.usage, "stt.usage", sentence);
}

export function integerWithin(min: number, max: number, sentence: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) throw new InvalidArgumentError(sentence);
    return value;
  };
}

/** A reader that throws becomes one whose sentence is shown. */
export function checked<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

function usageSentence(error: CommanderError, texts: SharedTexts): string {
  const what = /'([^']+)'/.exec(error.message)?.[1]?.replace(/ <.*$/, "") ?? "";
  switch (error.code) {
    case "commander.unknownOption":
      return texts.unknownOption.replace("{what}", what);
    case "commander.optionMissingArgument":
      return texts.missingValue.replace("{what}", what.replace(/^-\w, /, ""));
    case "commander.invalidArgument":
      // Ours, after commander's preamble.
      return error.message.replace(/^.*? is invalid\. /, "");
    default:
      return error.message;
  }
}
