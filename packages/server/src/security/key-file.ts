import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { messageOf, SttError } from "@stt/core";
import { lock } from "proper-lockfile";
import * as z from "zod";
import { type ApiKey, apiKeySchema, hashOf, newApiKey } from "./api-key.js";

/** Every request is compared with all of them. */
const MAX_KEYS = 1000;
const LOCK_OPTIONS = { realpath: false, retries: { retries: 20, minTimeout: 20, maxTimeout: 200 } };

const fileSchema = z.strictObject({ keys: z.array(apiKeySchema).max(MAX_KEYS) });

/**
 * Reads a file of keys: `{"keys": [{"name", "hash", "scopes", ...}]}`.
 *
 * @throws SttError `io_error` when it cannot be read, `invalid_config` when it is not what it should be. Neither shows content.
 */
export async function readKeyFile(path: string): Promise<ApiKey[]> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    const advice = cause.code === "ENOENT" ? "; `stt-server keys add NAME` makes it" : "";
    throw new SttError("io_error", `The key file ${path} (API_KEYS_FILE) cannot be read: ${cause.code}${advice}.`, {
      cause,
    });
  });
  return parseKeys(text, path);
}

function parseKeys(text: string, path: string): ApiKey[] {
  const broken = (what: string) =>
    new SttError("invalid_config", `The key file ${path} (API_KEYS_FILE) is not usable: ${what}.`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw broken("it is not JSON");
  }
  const result = fileSchema.safeParse(json);
  if (!result.success) {
    const { path: at, message } = result.error.issues[0]!;
    throw broken(`${at.join(".") || "the whole"}: ${message}`);
  }
  const { keys } = result.data;
  for (const field of ["name", "hash"] as const) {
    const twice = keys.find((key, i) => keys.some((other, j) => j < i && other[field] === key[field]));
    if (twice) throw broken(`the ${field} of "${twice.name}" is there twice`);
  }
  return keys;
}

/**
 * Changes a file of keys; whoever reads it meanwhile sees the old one or the new one, whole. A file that is not there counts
 * as empty.
 *
 * @throws SttError as {@link readKeyFile} does; `io_error` when it cannot be written.
 */
export async function changeKeyFile(path: string, change: (keys: ApiKey[]) => ApiKey[]): Promise<void> {
  const unlock = await lock(path, LOCK_OPTIONS).catch((cause: unknown) => {
    throw new SttError("io_error", `The key file ${path} cannot be locked: ${messageOf(cause)}.`, { cause });
  });
  const draft = `${path}.${randomUUID()}`;
  try {
    const keys = change(await readOrEmpty(path));
    const text = `${JSON.stringify({ keys }, null, 2)}\n`;
    parseKeys(text, path);
    await writeFile(draft, text, { mode: 0o600 });
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    if (cause instanceof SttError) throw cause;
    throw new SttError("io_error", `The key file ${path} cannot be written: ${messageOf(cause)}.`, { cause });
  } finally {
    await unlock();
  }
}

/**
 * Makes a key with a name of its own.
 *
 * @returns the key, which is nowhere else.
 * @throws SttError `invalid_argument` when the name is taken; as {@link changeKeyFile} does.
 */
export async function addKey(path: string, entry: Omit<ApiKey, "hash" | "created">): Promise<string> {
  const key = newApiKey();
  await changeKeyFile(path, (present) => {
    if (present.some(({ name }) => name === entry.name)) {
      throw new SttError(
        "invalid_argument",
        `There is a key "${entry.name}" already: revoke it first, or take another name.`,
      );
    }
    const { name, scopes, ...others } = entry;
    return [
      ...present,
      { name, hash: hashOf(key), scopes: [...new Set(scopes)], created: new Date().toISOString(), ...others },
    ];
  });
  return key;
}

/** @throws SttError `not_found`; as {@link changeKeyFile} does. */
export async function revokeKey(path: string, name: string): Promise<void> {
  await changeKeyFile(path, (present) => {
    const left = present.filter((key) => key.name !== name);
    if (left.length === present.length) throw noSuchKey(name);
    return left;
  });
}

/**
 * Gives a key other limits, in place of all that it has; without any it goes by the `KEY_` variables.
 *
 * @throws SttError `not_found`; as {@link changeKeyFile} does.
 */
export async function limitKey(path: string, name: string, limits: NonNullable<ApiKey["limits"]>): Promise<void> {
  await changeKeyFile(path, (present) => {
    if (!present.some((key) => key.name === name)) throw noSuchKey(name);
    return present.map((key) => {
      if (key.name !== name) return key;
      const { limits: _, ...others } = key;
      return Object.keys(limits).length > 0 ? { ...others, limits } : others;
    });
  });
}

function noSuchKey(name: string): SttError {
  return new SttError("not_found", `There is no key "${name}". See: stt-server keys list.`);
}

async function readOrEmpty(path: string): Promise<ApiKey[]> {
  try {
    return await readKeyFile(path);
  } catch (error) {
    if (((error as SttError).cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT") return [];
    throw error;
  }
}
