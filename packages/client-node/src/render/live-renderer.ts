import { type ClientEvent, type ClientSnapshot, millisecondsText, stateKeyOf } from "@stt/core";
import { graphemesOf } from "@stt/core/document";
import type { CliContext, Output } from "../cli/context.js";
import { breaksOf } from "../terminal/layout.js";
import { LevelMeter } from "../terminal/level-meter.js";
import { PinnedRows } from "../terminal/pinned-rows.js";
import { statusLine } from "../terminal/status-line.js";
import { printable, widthAt } from "../terminal/width.js";
import { labelledMessage, type Renderer, type RenderSource } from "./renderer.js";

const DIM = "\x1b[2m";
const RESET = "\x1b[0m";
/** More of an utterance is not needed to see that it goes well. */
const MAX_ROWS = 8;
const METER_BARS = 6;

/**
 * For a terminal: finals scroll up as plain lines; below them stands the utterance in the making, committed text bright and
 * tentative text dim, and under it one status line. Only rows that changed are drawn.
 */
export class LiveRenderer implements Renderer {
  /** Shows how loud it is, of a source that is measured with it. */
  readonly meter = new LevelMeter(METER_BARS, () => this.#draw());
  readonly #rows: PinnedRows;
  #snapshot: (() => ClientSnapshot) | undefined;
  #isOver = false;
  readonly #resized = () => {
    this.#rows.clear();
    this.#draw();
  };
  readonly #context: CliContext;
  readonly #finals: Output;

  /** @param finals where finished text goes: stdout, or stderr when it is kept in a file */
  constructor(context: CliContext, finals: Output) {
    this.#context = context;
    this.#finals = finals;
    this.#rows = new PinnedRows(context.stderr);
    context.stderr.on?.("resize", this.#resized);
  }

  event(source: RenderSource, event: ClientEvent): void {
    this.#snapshot = source.getSnapshot;
    if (event.type === "final") this.print(source.finalText(event));
    if (event.type === "warning") this.notice(labelledMessage(source, event.message));
    this.#draw();
  }

  print(text: string): void {
    if (text !== "") this.#rows.printAbove(() => this.#finals.write(text));
  }

  notice(sentence: string): void {
    this.#rows.printAbove(() => this.#context.stderr.write(`${sentence}\n`));
  }

  end(): void {
    this.#isOver = true;
    this.#context.stderr.off?.("resize", this.#resized);
    this.#rows.clear();
  }

  #draw(): void {
    if (this.#isOver || !this.#snapshot) return;
    const snapshot = this.#snapshot();
    const columns = Math.max(1, this.#context.stderr.columns || 80);
    // The region must fit the screen: what has scrolled away could not be changed.
    const room = Math.max(0, Math.min(MAX_ROWS, (this.#context.stderr.rows || 24) - 2));
    const speech = room > 0 ? speechRows(snapshot, columns).slice(-room) : [];
    this.#rows.draw([...speech, this.#status(snapshot, columns)]);
  }

  #status(snapshot: ClientSnapshot, columns: number): string {
    const { server, latencyMs, reconnect } = snapshot;
    const latency = latencyMs === null ? "" : millisecondsText(latencyMs, this.#context.locale);
    return statusLine(
      {
        state: stateKeyOf(snapshot),
        seconds: Math.ceil((reconnect?.nextDelayMs ?? 0) / 1000),
        level: String(this.meter),
        notice: "",
        details: [server?.model ?? "", latency, server ? new URL(server.url).host : ""],
      },
      this.#context.locale,
      columns,
    );
  }
}

/** The utterance in the making, broken into rows. */
function speechRows(snapshot: ClientSnapshot, columns: number): string[] {
  const segment = snapshot.segments.at(-1);
  if (segment?.state !== "partial" || segment.text === "") return [];
  const { text } = segment;
  const dimFrom = text.length - segment.tentative.length;
  const breaks = [...breaksOf(text, columns), text.length];
  let from = 0;
  return breaks.map((to) => {
    const row = styledRow(text.slice(from, to), dimFrom - from, columns);
    from = to;
    return row;
  });
}

/** White space at the end of a row may hang over the edge: it is left out. */
function styledRow(text: string, dimFrom: number, columns: number): string {
  let bright = "";
  let dim = "";
  let column = 0;
  let offset = 0;
  for (const grapheme of graphemesOf(text)) {
    const width = widthAt(grapheme, column);
    if (column + width > columns) break;
    if (offset < dimFrom) bright += printable(grapheme, column);
    else dim += printable(grapheme, column);
    offset += grapheme.length;
    column += width;
  }
  return dim === "" ? bright : `${bright}${DIM}${dim}${RESET}`;
}
