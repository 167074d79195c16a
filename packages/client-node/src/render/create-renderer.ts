import { fstatSync } from "node:fs";
import type { CliContext } from "../cli/context.js";
import { JsonRenderer } from "./json-renderer.js";
import { LiveRenderer } from "./live-renderer.js";
import { PlainRenderer } from "./plain-renderer.js";

/**
 * Whether somebody watches: stderr is a terminal, and no other program is going to write to the same one. A pipe's reader
 * usually does.
 */
export function isWatched({ stdout, stderr }: CliContext): boolean {
  return stderr.isTTY === true && (stdout.isTTY === true || isFile(stdout));
}

/** The view of one recording. @param options `toFile`: the text goes to a file, and is shown only where somebody watches. */
export function createRenderer(
  context: CliContext,
  options: { json: boolean; toFile: boolean },
): JsonRenderer | LiveRenderer | PlainRenderer {
  if (options.json) return new JsonRenderer(context);
  if (!isWatched(context)) return new PlainRenderer(context);
  return new LiveRenderer(context, options.toFile ? context.stderr : context.stdout);
}

function isFile(output: unknown): boolean {
  const { fd } = output as { fd?: unknown };
  return typeof fd === "number" && fstatSync(fd).isFile();
}
