/** The system's clipboard, from a terminal that may be anywhere. */
import { spawn } from "node:child_process";
import type { Environment } from "@stt/core/config";

/** Terminals drop longer OSC 52 sequences, some of them with the connection. */
const MAX_OSC52_BYTES = 1_000_000;

/** With its default settings tmux takes no OSC 52 from programs; this way it takes the text and tells its own terminal. */
const TMUX_BUFFER = '[ "$(tmux show-options -sv set-clipboard)" = on ] || tmux load-buffer -w -';

/** GNU screen drops what is longer in one control string. */
const MAX_SCREEN_STRING_BYTES = 768;

/** What became of a copy: `too long` is more than terminals take, `nowhere` that there is neither terminal nor desktop. */
export type CopyOutcome = "copied" | "too long" | "nowhere";

/** A clipboard that can only be written. */
export interface Clipboard {
  /** Resolves when every way has been tried. Never rejects. */
  copy(text: string): Promise<CopyOutcome>;
}

/**
 * OSC 52 first: it reaches the terminal that the person sits at, over SSH too. A terminal does not say whether it took it, so
 * the system's clipboard gets the text as well, where there is one.
 *
 * @param write to the terminal; undefined when there is none.
 */
export function terminalClipboard(
  write: ((text: string) => void) | undefined,
  env: Environment,
  platform = process.platform,
): Clipboard {
  return {
    async copy(text) {
      const fits = Buffer.byteLength(text) <= MAX_OSC52_BYTES;
      if (fits) write?.(osc52(text, env));
      const [isInTmux, isInSystem] = await Promise.all([
        env.TMUX ? feed("sh", ["-c", TMUX_BUFFER], text) : false,
        hasSystemClipboard(env, platform) ? copyToSystem(text) : false,
      ]);
      if ((fits && write !== undefined) || isInTmux || isInSystem) return "copied";
      return fits || write === undefined ? "nowhere" : "too long";
    },
  };
}

/** The sequence that asks the terminal to take a text; multiplexers get it twice, for themselves and to be passed on. */
export function osc52(text: string, env: Environment): string {
  const sequence = `\x1b]52;c;${Buffer.from(text).toString("base64")}\x07`;
  // Either may be switched off in tmux: `set-clipboard` takes the first, `allow-passthrough` the second.
  if (env.TMUX) return `${sequence}\x1bPtmux;${sequence.replaceAll("\x1b", "\x1b\x1b")}\x1b\\`;
  // Passed on piece by piece, as they come: to the terminal they are one sequence again.
  if (env.STY)
    return piecesOf(sequence)
      .map((piece) => `\x1bP${piece}\x1b\\`)
      .join("");
  return sequence;
}

/** Pieces that fit a control string of screen's with its four bytes around them. */
function piecesOf(sequence: string): string[] {
  const length = MAX_SCREEN_STRING_BYTES - 4;
  return Array.from({ length: Math.ceil(sequence.length / length) }, (_, i) =>
    sequence.slice(i * length, (i + 1) * length),
  );
}

/** Whether this machine has a clipboard that its user sees: over SSH it is another machine's. */
export function hasSystemClipboard(env: Environment, platform: NodeJS.Platform): boolean {
  if (env.SSH_CONNECTION) return false;
  if (platform === "darwin" || platform === "win32") return true;
  return Boolean(env.WSL_DISTRO_NAME || env.WAYLAND_DISPLAY || env.DISPLAY);
}

async function copyToSystem(text: string): Promise<boolean> {
  try {
    // It is a module of many; who never copies does not wait for it.
    const { default: clipboardy } = await import("clipboardy");
    await clipboardy.write(text);
    return true;
  } catch {
    return false;
  }
}

function feed(program: string, args: string[], text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["pipe", "ignore", "ignore"] });
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
    child.stdin.on("error", () => {});
    child.stdin.end(text);
  });
}
