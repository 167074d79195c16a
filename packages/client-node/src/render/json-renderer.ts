import type { ClientEvent } from "@stt/core";
import type { CliContext } from "../cli/context.js";
import type { Renderer, RenderSource } from "./renderer.js";

/** Every event as one line of JSON, with its `file`: docs/terminal.md. */
export class JsonRenderer implements Renderer {
  readonly #context: CliContext;
  constructor(context: CliContext) {
    this.#context = context;
  }

  event({ file }: RenderSource, event: ClientEvent): void {
    this.line(file === undefined ? event : { file, ...event });
  }

  line(value: object): void {
    this.#context.stdout.write(`${JSON.stringify(value)}\n`);
  }

  print(): void {}

  notice(sentence: string): void {
    this.#context.stderr.write(`${sentence}\n`);
  }

  end(): void {}
}
