import type { ClientEvent } from "@stt/core";
import type { CliContext } from "../cli/context.js";
import { finalLines } from "./final-lines.js";
import type { Renderer, RenderSource } from "./renderer.js";

/** For pipes and files: finals only, one a line; warnings go to stderr. */
export class PlainRenderer implements Renderer {
  constructor(
    private readonly context: CliContext,
    private readonly words: boolean,
  ) {}

  event(source: RenderSource, event: ClientEvent): void {
    if (event.type === "final") {
      for (const line of finalLines(source, event, this.words)) this.context.stdout.write(`${line}\n`);
    } else if (event.type === "warning" || (event.type === "reconnecting" && event.attempt === 1)) {
      // One line for an outage, not one for each attempt to end it.
      this.notice(source.file === undefined ? event.message : `${source.file}: ${event.message}`);
    }
  }

  notice(sentence: string): void {
    this.context.stderr.write(`${sentence}\n`);
  }

  end(): void {}
}
