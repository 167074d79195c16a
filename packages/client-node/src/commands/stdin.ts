import type { AudioSource } from "@stt/core";
import { usageError } from "../cli/command-line.js";
import type { CliContext } from "../cli/context.js";
import { rawFormatOf, type SpeechOptions } from "../cli/options.js";
import { streamSource } from "../stream-source.js";

/** What stands for standard input on the command line. */
export const STDIN = "-";

/** Standard input as audio: WAV, or raw samples with `--rate`. */
export async function stdinSource(options: SpeechOptions, { texts }: CliContext): Promise<AudioSource> {
  if (process.stdin.isTTY) throw usageError(texts.stdinTerminal);
  const raw = rawFormatOf(options);
  return streamSource(process.stdin, { name: "standard input", ...(raw ? { raw } : {}) });
}
