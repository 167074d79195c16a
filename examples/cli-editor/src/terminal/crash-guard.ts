import { spawn, spawnSync } from "node:child_process";

/**
 * A process that is killed, or whose native code fails, restores nothing. So a shell waits beside it for its end, which closes a
 * pipe, and cleans up unless it has been told that all is well.
 */
const WATCH = `trap '' INT TERM HUP TTOU QUIT
read -r word
[ "$word" = done ] && exit 0
{ printf '%s' "$1"; stty "$2"; } </dev/tty >/dev/tty 2>/dev/null`;

/**
 * Restores the terminal when this process ends without a word.
 *
 * @param leave what to write to it then.
 * @returns a function to be called when it has been restored
 */
export function guardTerminal(leave: string): () => void {
  if (process.platform === "win32") return () => {};
  const settings = spawnSync("stty", ["-g"], { stdio: ["inherit", "pipe", "ignore"], encoding: "utf8" });
  if (settings.status !== 0) return () => {};
  const shell = spawn("sh", ["-c", WATCH, "stt-editor-guard", leave, settings.stdout.trim()], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  shell.unref();
  // Types do not tell that a child's pipe is a socket, which may be left out of what keeps a process alive.
  (shell.stdin as unknown as { unref?(): void }).unref?.();
  return () => {
    shell.stdin.end("done\n");
  };
}
