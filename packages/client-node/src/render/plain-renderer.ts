import type { ClientEvent } from "@stt/core";
import type { CliContext } from "../cli/context.js";
import { labelledMessage, type Renderer, type RenderSource } from "./renderer.js";

/** For pipes and files: finals only; warnings go to stderr. */
export class PlainRenderer implements Renderer {
  readonly #context: CliContext;
  constructor(context: CliContext) {
    this.#context = context;
  }

  event(source: RenderSource, event: ClientEvent): void {
    if (event.type === "final") {
      this.print(source.finalText(event));
    } else if (event.type === "warning" || (event.type === "reconnecting" && event.attempt === 1)) {
      // One line for an outage, not one for each attempt to end it.
      this.notice(labelledMessage(source, event.message));
    }
  }

  print(text: string): void {
    if (text !== "") this.#context.stdout.write(text);
  }

  notice(sentence: string): void {
    this.#context.stderr.write(`${sentence}\n`);
  }

  end(): void {}
}
