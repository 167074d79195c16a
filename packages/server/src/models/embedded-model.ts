import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { ResolvedModel } from "./resolved-model.js";

const require = createRequire(import.meta.url);

/** What the package @stt/model-whisper-base says of itself. */
interface ModelPackage {
  name: string;
  path: string;
  sizeBytes: number;
  sha256: string;
}

/** The model that comes with the server; undefined where its package, an optional dependency, was left out. */
export function embeddedModel(): (ResolvedModel & Pick<ModelPackage, "sha256" | "sizeBytes">) | undefined {
  let model: ModelPackage;
  try {
    model = require("@stt/model-whisper-base") as ModelPackage;
  } catch {
    return undefined;
  }
  const { name, path, sha256, sizeBytes } = model;
  return existsSync(path) ? { name, path, sha256, sizeBytes } : undefined;
}
