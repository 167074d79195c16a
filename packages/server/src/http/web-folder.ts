import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Where a built page of this package lies: `dist/web/NAME`. Looks in every directory above this module, which the bundler may
 * have put into a chunk anywhere in `dist`, while tests run it from `src`. The folder need not exist: a page may not be built yet.
 */
export function webFolder(name: string): string {
  const start = path.dirname(fileURLToPath(import.meta.url));
  for (let directory = start; ; directory = path.dirname(directory)) {
    if (existsSync(path.join(directory, "package.json"))) return path.join(directory, "dist", "web", name);
    if (directory === path.dirname(directory)) return path.join(start, "web", name);
  }
}
