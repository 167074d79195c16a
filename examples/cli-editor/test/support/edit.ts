import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { TmuxTerminal } from "../../../../packages/client-node/test/support/tmux.js";

/** The program. */
export const BIN = fileURLToPath(new URL("../../bin/stt-editor.js", import.meta.url));

/** Where the program remembers things of its user. */
export function stateOf(screen: TmuxTerminal): string {
  return path.join(screen.folder, "state", "stt-editor");
}

/** Starts the editor, for somebody whom it knows already, and waits for it. */
export async function edit(screen: TmuxTerminal, ...args: string[]): Promise<void> {
  mkdirSync(stateOf(screen), { recursive: true });
  writeFileSync(path.join(stateOf(screen), "first-run.json"), "{}\n");
  await screen.run(process.execPath, BIN, ...args);
  await screen.until((now) => /○ (Ready|Готов)/.test(now));
}
