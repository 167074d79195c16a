import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { SttError } from "@stt/core";
import { type Config, canonicalModelName } from "@stt/core/config";
import { cacheDirectory } from "../../scripts/native-cache.mjs";
import { CATALOG, type CatalogEntry, isFetchableName, modelFileName } from "./catalog.js";
import { embeddedModel } from "./embedded-model.js";
import { withFileLock } from "./file-lock.js";
import { checkModelFile } from "./model-file.js";
import { removePart } from "./part-file.js";

/** Where named models lie unless MODEL_DIR says otherwise. */
export function modelDirectory(config: Pick<Config, "modelDir">): string {
  return config.modelDir || path.join(cacheDirectory(), "models");
}

/** A model in the model folder. */
export interface InstalledModel {
  name: string;
  bytes: number;
}

/** What was found out about a model file. */
export interface Verification {
  name: string;
  path: string;
  bytes: number;
  /** What its content was compared with; undefined where nothing is known of it and only its structure was checked. */
  checksum: "sha1" | "sha256" | undefined;
}

/** The models of a folder by name; none where there is no such folder. */
export async function installedModels(directory: string): Promise<InstalledModel[]> {
  const files = await readdir(directory).catch(() => []);
  const names = files.flatMap((file) => /^ggml-(.+)\.bin$/.exec(file)?.[1] ?? []).sort();
  const models = names.map(async (name) => ({
    name,
    bytes: (await stat(path.join(directory, modelFileName(name))).catch(() => undefined))?.size ?? 0,
  }));
  return (await Promise.all(models)).filter(({ bytes }) => bytes > 0);
}

/**
 * Reads a model of the folder, or the one that comes with the server, and compares it with what is known of it.
 *
 * @throws SttError `model_not_found`, `bad_model`, `io_error`
 */
export async function verifyModel(
  name: string,
  directory: string,
  catalog: readonly CatalogEntry[] = CATALOG,
): Promise<Verification> {
  const inFolder = fileIn(directory, name);
  const shipped = existsSync(inFolder) ? undefined : embeddedModel();
  const embedded = shipped?.name === canonicalModelName(name) ? shipped : undefined;
  const file = embedded?.path ?? inFolder;
  const { sizeBytes } = await checkModelFile(file).catch((error: SttError) => {
    throw error.code === "model_not_found" ? notInstalled(name, directory) : error;
  });
  const canonical = canonicalModelName(name);
  const sha1 = embedded ? undefined : catalog.find((entry) => entry.name === canonical)?.sha1;
  const expected = embedded?.sha256 ?? sha1 ?? (await noted(file));
  const checksum = sha1 !== undefined ? "sha1" : expected !== undefined ? "sha256" : undefined;
  if (checksum !== undefined) {
    const found = await digestOf(file, checksum);
    if (found !== expected) {
      throw new SttError(
        "bad_model",
        `The model file ${file} has the checksum ${found} instead of ${expected}: ${embedded ? "install @stt/model-whisper-base again" : `run \`stt-server models remove ${canonical}\` and \`stt-server models pull ${canonical}\``}.`,
      );
    }
  }
  return { name: canonical, path: file, bytes: sizeBytes, checksum };
}

/**
 * Removes a model, and what is left of an unfinished download of it.
 *
 * @throws SttError `model_not_found`, `io_error`
 */
export async function removeModel(name: string, directory: string): Promise<string> {
  const file = fileIn(directory, name);
  const there = [file, `${file}.part`].map((one) => stat(one).catch(() => undefined));
  if ((await Promise.all(there)).every((found) => found === undefined)) throw notInstalled(name, directory);
  await withFileLock(file, {}, async () => {
    await rm(file, { force: true });
    await rm(`${file}.sha256`, { force: true });
    await removePart(file);
  });
  return file;
}

function fileIn(directory: string, name: string): string {
  if (isFetchableName(name)) return path.join(directory, modelFileName(name));
  throw new SttError(
    "invalid_argument",
    `${JSON.stringify(name.slice(0, 100))} is not a model name: give one such as base or medium-q5_0.`,
  );
}

function notInstalled(name: string, directory: string): SttError {
  return new SttError(
    "model_not_found",
    `The model ${name} is not in ${directory}: \`stt-server models list\` shows what is, \`stt-server models pull ${name}\` fetches it.`,
  );
}

async function noted(file: string): Promise<string | undefined> {
  const text = await readFile(`${file}.sha256`, "utf8").catch(() => "");
  return /^[0-9a-f]{64}/.exec(text)?.[0];
}

async function digestOf(file: string, algorithm: "sha1" | "sha256"): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
