import { type ClientEvent, type ClientSnapshot, stateKeyOf, stateWord } from "@stt/core";
import type { CliContext } from "../cli/context.js";
import { finalLines } from "./final-lines.js";
import type { Renderer, RenderSource } from "./renderer.js";
import { rowsOf, tailOf } from "./text-width.js";

const DIM = "\x1b[2m";
const ACCENT = "\x1b[36m";
const RESET = "\x1b[0m";
const ICONS = { listening: "●", hearing: "●", paused: "‖", reconnecting: "↻", failed: "✕" } as Record<string, string>;

/**
 * For a terminal: finals scroll up as plain lines; below them stands the utterance in the making, committed text bright and
 * tentative text dim, and under it one status line. Only what changed is drawn.
 */
export class LiveRenderer implements Renderer {
  private drawn = "";
  private drawnRows = 0;

  constructor(
    private readonly context: CliContext,
    private readonly words: boolean,
  ) {}

  event(source: RenderSource, event: ClientEvent): void {
    if (event.type === "final") this.print(finalLines(source, event, this.words));
    if (event.type === "warning") this.notice(source.labelled ? `${source.file}: ${event.message}` : event.message);
    this.draw(this.view(source.getSnapshot()));
  }

  notice(sentence: string): void {
    this.erase();
    this.context.stderr.write(`${sentence}\n`);
  }

  end(): void {
    this.erase();
  }

  private print(lines: string[]): void {
    if (lines.length === 0) return;
    this.erase();
    for (const line of lines) this.context.stdout.write(`${line}\n`);
  }

  private view(snapshot: ClientSnapshot): { text: string; rows: number } {
    const columns = Math.max(10, this.context.stdout.columns || 80);
    // The view must fit the screen: what has scrolled away could not be erased.
    const room = columns * Math.max(1, Math.min(8, (this.context.stdout.rows || 24) - 3));
    const segment = snapshot.segments.at(-1);
    const open = segment?.state === "partial" ? segment : undefined;
    const tentative = tailOf(open?.tentative ?? "", room);
    const committed = tailOf(open?.committed ?? "", room - tentative.length - 1);
    const joint = committed && tentative ? " " : "";
    const status = this.status(snapshot, columns);
    const rows = rowsOf(committed + joint + tentative, columns);
    const speech = rows > 0 ? `${committed}${joint}${DIM}${tentative}${RESET}\n` : "";
    return { text: `${speech}${ACCENT}${status}${RESET}`, rows: rows + 1 };
  }

  private status(snapshot: ClientSnapshot, columns: number): string {
    const key = stateKeyOf(snapshot);
    const seconds = Math.ceil((snapshot.reconnect?.nextDelayMs ?? 0) / 1000);
    const word = `${ICONS[key] ?? "○"} ${stateWord(key, this.context.locale, seconds)}`;
    const { server, latencyMs } = snapshot;
    const details = [server?.model, latencyMs === null ? undefined : `${Math.round(latencyMs)} ms`];
    const full = [word, ...details.filter((detail) => detail !== undefined)].join("  ");
    if (full.length < columns) return full;
    // In a narrow terminal the first words have to do: "Reconnecting" without its comfort.
    return (word.length < columns ? word : (word.split(/,| - /)[0] ?? "")).slice(0, columns - 1);
  }

  private draw(view: { text: string; rows: number }): void {
    if (view.text === this.drawn) return;
    this.erase();
    this.context.stdout.write(view.text);
    this.drawn = view.text;
    this.drawnRows = view.rows;
  }

  private erase(): void {
    if (this.drawnRows === 0) return;
    const up = this.drawnRows > 1 ? `\x1b[${this.drawnRows - 1}A` : "";
    this.context.stdout.write(`\r${up}\x1b[J`);
    this.drawn = "";
    this.drawnRows = 0;
  }
}
