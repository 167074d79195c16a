import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SttError } from "@stt/core";

/**
 * The absolute path of a file of this package's `assets` directory.
 *
 * Looks in every directory above this module, since the bundler may place it in `dist`, in `dist/bin` or in a shared
 * chunk, while tests run it from `src/vad`.
 *
 * @throws SttError `io_error` when no such file is installed.
 */
export function assetPath(name: string): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let directory = start; ; directory = dirname(directory)) {
    const candidate = join(directory, "assets", name);
    if (existsSync(candidate)) return candidate;
    if (directory === dirname(directory)) {
      throw new SttError("io_error", `The server's asset "${name}" is missing above ${start}: reinstall @stt/server.`);
    }
  }
}
