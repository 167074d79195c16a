import type { ClientEvent } from "@stt/core";
import type { CliContext } from "../cli/context.js";
import type { Renderer, RenderSource } from "./renderer.js";

/** Every event as one line of JSON, with its `file`. */
export class JsonRenderer implements Renderer {
  constructor(private readonly context: CliContext) {}

  event(source: RenderSource, event: ClientEvent): void {
    const { file } = source;
    this.context.stdout.write(`${JSON.stringify(file === undefined ? event : { file, ...event })}\n`);
  }

  notice(sentence: string): void {
    this.context.stderr.write(`${sentence}\n`);
  }

  end(): void {}
}
