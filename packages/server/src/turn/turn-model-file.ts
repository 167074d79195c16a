import { existsSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The file of the end-of-turn model; undefined where its package, an optional dependency, was left out. */
export function turnModelPath(): string | undefined {
  try {
    const { path } = require("@stt/model-smart-turn") as { path: string };
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}
