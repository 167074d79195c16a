import type { ClientEvent } from "@stt/core";
import cliProgress from "cli-progress";
import type { CliContext } from "../cli/context.js";
import { labelledMessage, type Renderer, type RenderSource } from "./renderer.js";

/** For many files on a terminal: one bar over all their audio, on stderr; finals go to stdout, above it. */
export class ProgressRenderer implements Renderer {
  readonly #bar: cliProgress.SingleBar;
  readonly #position = new Map<string, number>();
  #done = 0;
  readonly #context: CliContext;
  readonly #durations: ReadonlyMap<string, number>;

  /**
   * @param durations milliseconds of audio by file; 0 where unknown
   * @param stream the terminal
   */
  constructor(context: CliContext, durations: ReadonlyMap<string, number>, stream: NodeJS.WritableStream) {
    this.#context = context;
    this.#durations = durations;
    const { progress } = context.texts;
    this.#bar = new cliProgress.SingleBar({
      format: `{bar} {percentage} %  ${progress}`,
      barCompleteChar: "━",
      barIncompleteChar: "─",
      barsize: 24,
      stream,
      clearOnComplete: true,
      hideCursor: false,
      gracefulExit: false,
    });
    const total = [...durations.values()].reduce((sum, ms) => sum + ms, 0);
    this.#bar.start(Math.max(1, Math.round(total)), 0, { done: 0, files: durations.size });
  }

  event(source: RenderSource, event: ClientEvent): void {
    if (event.type === "final") this.print(source.finalText(event));
    if (event.type === "warning") this.notice(labelledMessage(source, event.message));
    if (event.type === "final" || event.type === "partial") this.#moveTo(source.file ?? "", event.endMs);
  }

  /** A file is over, well or not. */
  fileDone(file: string): void {
    this.#done += 1;
    this.#moveTo(file, Number.POSITIVE_INFINITY);
  }

  print(text: string): void {
    if (text !== "") this.#above(() => this.#context.stdout.write(text));
  }

  notice(sentence: string): void {
    this.#above(() => this.#context.stderr.write(`${sentence}\n`));
  }

  end(): void {
    this.#bar.stop();
  }

  #moveTo(file: string, ms: number): void {
    const known = this.#position.get(file) ?? 0;
    this.#position.set(file, Math.max(known, Math.min(ms, this.#durations.get(file) ?? 0)));
    const sum = [...this.#position.values()].reduce((all, each) => all + each, 0);
    this.#bar.update(Math.round(sum), { done: this.#done });
  }

  #above(write: () => void): void {
    this.#context.stderr.write("\r\x1b[K");
    write();
    this.#bar.render();
  }
}
