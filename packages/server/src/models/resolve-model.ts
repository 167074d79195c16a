import { existsSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import { SttError } from "@stt/core";
import { EMBEDDED_MODEL, isModelPath } from "@stt/core/config";
import { packageRoot } from "../../scripts/native-cache.mjs";
import { modelFileName } from "./catalog.js";

/** A model on disk. */
export interface ResolvedModel {
  /** Name for people and for `ready`. */
  name: string;
  /** Path of the ggml file. */
  path: string;
  /** The built-in model that knows synthetic voices only. */
  embedded: boolean;
  /** One sentence an operator should read at start, if any. */
  notice?: string;
}

const embeddedPath = join(packageRoot(), "models", "ggml-micro-q8_0.bin");

/**
 * Finds the ggml file of a model.
 *
 * @param wanted `micro`, a Whisper size such as `medium`, or a path to a ggml file.
 * @param modelDir where downloaded models lie.
 * @param variable the configuration variable, for the error.
 * @throws SttError `model_not_found`, naming the paths tried and what to do.
 */
export function resolveModel(wanted: string, modelDir: string, variable: string): ResolvedModel {
  if (wanted === EMBEDDED_MODEL) return { name: EMBEDDED_MODEL, path: embeddedPath, embedded: true };
  if (isModelPath(wanted)) {
    const path = isAbsolute(wanted) ? wanted : resolve(wanted);
    if (existsSync(path)) return { name: modelNameOf(path), path, embedded: false };
    throw new SttError(
      "model_not_found",
      `${variable}=${wanted}: there is no file at ${path}. Give the path of a ggml model file.`,
    );
  }
  const path = fileOf(wanted, modelDir);
  if (existsSync(path)) return { name: wanted, path, embedded: false };
  throw new SttError(
    "model_not_found",
    `${variable}=${wanted}: the model is not at ${path}. Run \`stt-server models pull ${wanted}\`, put ${basename(path)} there, give a path, or use micro (built in, synthetic voices only).`,
  );
}

/** The built-in model where another was wanted. */
export function embeddedModel(modelDir: string): ResolvedModel {
  return {
    name: EMBEDDED_MODEL,
    path: embeddedPath,
    embedded: true,
    notice: `NO WHISPER MODEL in ${modelDir}: running the built-in "micro" model, which knows SYNTHETIC VOICES ONLY. Run \`stt-server models pull base\` where there is a network, put a ggml model there, or set WHISPER_MODEL to its path.`,
  };
}

function fileOf(name: string, modelDir: string): string {
  return join(modelDir, modelFileName(name));
}

function modelNameOf(path: string): string {
  return basename(path)
    .replace(/^ggml-/, "")
    .replace(/\.bin$/, "");
}
