import { existsSync } from "node:fs";
import { basename, isAbsolute, join, resolve } from "node:path";
import { SttError } from "@stt/core";
import { canonicalModelName, EMBEDDED_MODEL, isModelPath, TEST_MODEL } from "@stt/core/config";
import { packageRoot } from "../../scripts/native-cache.mjs";
import { modelFileName } from "./catalog.js";
import { embeddedModel } from "./embedded-model.js";
import type { ResolvedModel } from "./resolved-model.js";

/** In a clone of the repository only. */
const TEST_MODEL_PATH = join(packageRoot(), "models", "ggml-micro-q8_0.bin");

/**
 * Finds the ggml file of a model: in the model folder, or for `base` the one that comes with the server.
 *
 * @param wanted a Whisper size such as `medium`, or a path to a ggml file.
 * @param modelDir where downloaded models lie.
 * @param variable the configuration variable, for the error.
 * @throws SttError `model_not_found`, naming the paths tried and what to do.
 */
export function resolveModel(wanted: string, modelDir: string, variable: string): ResolvedModel {
  if (isModelPath(wanted)) return atPath(wanted, variable);
  if (wanted === TEST_MODEL) return testModel(variable);
  const found = findModel(wanted, modelDir);
  if (found) return found;
  const path = join(modelDir, modelFileName(wanted));
  const embedded = embeddedModel() ? `, or use ${EMBEDDED_MODEL}, which comes with the server` : "";
  throw new SttError(
    "model_not_found",
    `${variable}=${wanted}: the model is not at ${path}. Run \`stt-server models pull ${wanted}\`, put ${basename(path)} there, give a path${embedded}.`,
  );
}

/** The file of a name, in the model folder or with the server; undefined where there is none. */
export function findModel(name: string, modelDir: string): ResolvedModel | undefined {
  const path = join(modelDir, modelFileName(name));
  if (existsSync(path)) return { name, path };
  if (canonicalModelName(name) !== EMBEDDED_MODEL) return undefined;
  const embedded = embeddedModel();
  return embedded && { name: embedded.name, path: embedded.path };
}

function atPath(wanted: string, variable: string): ResolvedModel {
  const path = isAbsolute(wanted) ? wanted : resolve(wanted);
  if (existsSync(path)) return { name: modelNameOf(path), path };
  throw new SttError(
    "model_not_found",
    `${variable}=${wanted}: there is no file at ${path}. Give the path of a ggml model file.`,
  );
}

function testModel(variable: string): ResolvedModel {
  if (existsSync(TEST_MODEL_PATH)) return { name: TEST_MODEL, path: TEST_MODEL_PATH };
  throw new SttError(
    "model_not_found",
    `${variable}=${TEST_MODEL}: that model is for tests and only in a clone of the repository. Use ${EMBEDDED_MODEL}, which comes with the server, or another Whisper model.`,
  );
}

function modelNameOf(path: string): string {
  return basename(path)
    .replace(/^ggml-/, "")
    .replace(/\.bin$/, "");
}
