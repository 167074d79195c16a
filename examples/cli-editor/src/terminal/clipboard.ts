/** The system's clipboard, from a terminal that may be anywhere. */
import { spawn } from "node:child_process";
import type { Environment } from "@stt/core/config";

/** Terminals drop longer OSC 52 sequences, some of them with the connection. */
const MAX_OSC52_BYTES = 1_000_000;

/** With its default settings tmux takes no OSC 52 from programs; this way it takes the text and tells its own terminal. */
const TMUX_BUFFER = '[ "$(tmux show-options -sv set-clipboard)" = on ] || tmux load-buffer -w -';

/** A clipboard that can only be written. */
export interface Clipboard {
  copy(text: string): void;
}

/**
 * OSC 52 first: it reaches the terminal that the person sits at, over SSH too. A terminal does not say whether it took it, so
 * the programs of this machine get the text as well, where there are any.
 *
 * @param write to the terminal.
 */
export function terminalClipboard(
  write: (text: string) => void,
  env: Environment,
  platform = process.platform,
): Clipboard {
  return {
    copy(text) {
      if (Buffer.byteLength(text) <= MAX_OSC52_BYTES) write(osc52(text, env));
      void copyWith(clipboardCommands(env, platform), text);
    },
  };
}

/** The sequence that asks the terminal to take a text; multiplexers get it twice, for themselves and to be passed on. */
export function osc52(text: string, env: Environment): string {
  const sequence = `\x1b]52;c;${Buffer.from(text).toString("base64")}\x07`;
  // Either may be switched off in tmux: `set-clipboard` takes the first, `allow-passthrough` the second.
  if (env.TMUX) return `${sequence}\x1bPtmux;${sequence.replaceAll("\x1b", "\x1b\x1b")}\x1b\\`;
  if (env.STY) return `\x1bP${sequence}\x1b\\`;
  return sequence;
}

/** Programs to be tried in this order. */
export function clipboardCommands(env: Environment, platform: NodeJS.Platform): string[][] {
  const commands: string[][] = [];
  if (env.TMUX) commands.push(["sh", "-c", TMUX_BUFFER]);
  if (env.SSH_CONNECTION) return commands;
  if (platform === "darwin") commands.push(["pbcopy"]);
  if (platform === "win32" || env.WSL_DISTRO_NAME) commands.push(["clip.exe"]);
  if (env.WAYLAND_DISPLAY) commands.push(["wl-copy"]);
  if (env.DISPLAY) commands.push(["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]);
  return commands;
}

/** tmux has a clipboard of its own; of the others the first that works is enough. */
async function copyWith(commands: string[][], text: string): Promise<void> {
  for (const [program = "", ...args] of commands) {
    if ((await feed(program, args, text)) && program !== "sh") return;
  }
}

function feed(program: string, args: string[], text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ["pipe", "ignore", "ignore"] });
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
    child.stdin.on("error", () => {});
    child.stdin.end(text);
    // xclip stays as long as it owns the clipboard.
    child.unref();
  });
}
