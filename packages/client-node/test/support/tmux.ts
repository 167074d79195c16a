/** A terminal with a program in it, as a person would see and use it. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const POLL_MS = 50;

export interface TerminalOptions {
  columns?: number;
  rows?: number;
  env?: Record<string, string>;
}

let count = 0;

export class TmuxTerminal {
  /** Working directory, for what the program keeps and for files of the test. */
  readonly folder = mkdtempSync(path.join(tmpdir(), "stt-terminal-"));
  readonly #socket = `stt-terminal-${process.pid}-${count++}`;
  readonly #env: Record<string, string>;

  private constructor(env: Record<string, string>) {
    this.#env = env;
  }

  /** A shell in a terminal of its own. */
  static async open({ columns = 60, rows = 8, env = {} }: TerminalOptions = {}): Promise<TmuxTerminal> {
    const { PATH = "", HOME = "" } = process.env;
    const terminal = new TmuxTerminal({ PATH, HOME, LANG: "en_US.UTF-8", ...env });
    await terminal.#tmux("new-session", "-d", "-x", `${columns}`, "-y", `${rows}`, "-c", terminal.folder, "sh");
    await terminal.#tmux("set-option", "-s", "set-clipboard", "on");
    await terminal.until((screen) => /^[$#]/.test(screen));
    return terminal;
  }

  /** Starts a program from the shell. */
  async run(...words: string[]): Promise<void> {
    await this.type(`clear; sh -c 'echo $$ >pid; exec "$@"' - ${words.map((word) => `'${word}'`).join(" ")}`);
    await this.keys("Enter");
  }

  /** Process number of the program. */
  get pid(): number {
    return Number(readFileSync(path.join(this.folder, "pid"), "utf8"));
  }

  /** Keys by tmux's names. */
  async keys(...names: string[]): Promise<void> {
    await this.#tmux("send-keys", ...names);
  }

  /** Text, or any sequence that a terminal would send. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", "--", text);
  }

  /** Pastes as a terminal does, in brackets. */
  async paste(text: string): Promise<void> {
    await this.#tmux("set-buffer", "-b", "paste", text);
    await this.#tmux("paste-buffer", "-p", "-d", "-b", "paste");
  }

  /** Drags the mouse; places are `[row, column]` from 0. */
  async drag([row, column]: [number, number], [toRow, toColumn]: [number, number]): Promise<void> {
    await this.type(`\x1b[<0;${column + 1};${row + 1}M`);
    await this.type(`\x1b[<32;${toColumn + 1};${toRow + 1}M\x1b[<0;${toColumn + 1};${toRow + 1}m`);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", `${columns}`, "-y", `${rows}`);
  }

  /** The rows of the screen without trailing blanks. */
  async screen(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p")).trimEnd();
  }

  /** The text above the status line, wrapped rows joined. */
  async text(): Promise<string> {
    return textOf(await this.screen());
  }

  /** What the clipboard holds. */
  clipboard(): Promise<string> {
    return this.#tmux("show-buffer").catch(() => "");
  }

  /** A value of tmux's, such as `#{alternate_on}`. */
  async value(format: string): Promise<string> {
    return (await this.#tmux("display-message", "-p", format)).trim();
  }

  /** Waits until the screen is as wanted. @returns it */
  async until(isWanted: (screen: string) => boolean, timeoutMs = 15_000): Promise<string> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const screen = await this.screen();
      if (isWanted(screen)) return screen;
      if (performance.now() > end) throw new Error(`The screen did not become as wanted (${isWanted}):\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  async close(): Promise<void> {
    await this.#tmux("kill-server").catch(() => {});
    // An editor keeps its text before it goes.
    while (this.#isRunning()) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    rmSync(this.folder, { recursive: true, force: true });
  }

  #isRunning(): boolean {
    try {
      return process.kill(this.pid, 0);
    } catch {
      return false;
    }
  }

  /** Rows with their styles, as escape sequences. */
  async picture(): Promise<string> {
    return (await this.#tmux("capture-pane", "-e", "-p")).trimEnd();
  }

  async #tmux(...args: string[]): Promise<string> {
    const env = { ...this.#env, XDG_STATE_HOME: path.join(this.folder, "state"), TERM: "xterm-256color" };
    const { stdout } = await run("tmux", ["-u", "-L", this.#socket, "-f", "/dev/null", ...args], { env });
    return stdout;
  }
}

/** Rows above the status line as one text. */
export function textOf(screen: string): string {
  return screen.split("\n").slice(0, -1).join(" ").replace(/\s+/g, " ").trim();
}

/** What a screen says of the state. */
export function statusOf(screen: string): string {
  return screen.split("\n").at(-1) ?? "";
}
