/** How a client's events become output. */
import type { ClientEvent, ClientSnapshot } from "@stt/core";
import type { CliContext } from "../cli/context.js";
import { JsonRenderer } from "./json-renderer.js";
import { LiveRenderer } from "./live-renderer.js";
import { PlainRenderer } from "./plain-renderer.js";

/** Where events come from. */
export interface RenderSource {
  /** File name; absent for the microphone. */
  file?: string;
  /** Show the name with each line: there are several. */
  labelled: boolean;
  getSnapshot(): ClientSnapshot;
}

export interface Renderer {
  event(source: RenderSource, event: ClientEvent): void;
  /** A sentence for the person, on stderr. */
  notice(sentence: string): void;
  /** Leaves the terminal as it should be found. */
  end(): void;
}

export function createRenderer(context: CliContext, options: { json?: boolean; words?: boolean }): Renderer {
  if (options.json) return new JsonRenderer(context);
  const words = options.words ?? false;
  return context.stdout.isTTY ? new LiveRenderer(context, words) : new PlainRenderer(context, words);
}
