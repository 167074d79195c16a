import { fileURLToPath } from "node:url";
import type { TmuxTerminal } from "../../../../packages/client-node/test/support/tmux.js";

const BIN = fileURLToPath(new URL("../../bin/stt-editor.js", import.meta.url));

/** Starts the editor and waits for it. */
export async function edit(screen: TmuxTerminal, ...args: string[]): Promise<void> {
  await screen.run(process.execPath, BIN, ...args);
  await screen.until((now) => /○ (Ready|Готов)/.test(now));
}
