import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import * as z from "zod";
import type { Scope } from "./access.js";

const KEY_BYTES = 32;
const KEY_PREFIX = "stt_";
/** What names and pages of keys look like. */
export const KEY_NAME = { pattern: /^[\w.-]{1,64}$/, expected: "a name has 1 to 64 letters, digits, - . _" };
export const MAX_ORIGINS = 100;
export const MAX_ORIGIN_LENGTH = 300;
const HASH = /^sha256:[0-9a-f]{64}$/;

/** One key of the file, or of API_KEYS. The key itself is nowhere: it cannot be had back from its hash. */
export const apiKeySchema = z.strictObject({
  /** Letters, digits, `-`, `_` and `.`; for logs, limits and `keys revoke`. */
  name: z.string().regex(KEY_NAME.pattern, KEY_NAME.expected),
  hash: z.string().regex(HASH, 'a hash is "sha256:" and 64 hexadecimal digits'),
  scopes: z.array(z.enum(["transcribe", "metrics", "admin"] satisfies Scope[])).min(1),
  /** ISO 8601. */
  created: z.string().optional(),
  /** What it may use; 0 is no limit, what is left out goes by the KEY_ variables. */
  limits: z
    .strictObject({
      sessions: z.int().min(0).optional(),
      requestsPerMinute: z.int().min(0).optional(),
      audioMinutesPerDay: z.number().min(0).optional(),
    })
    .optional(),
  /** The only pages that may use it; empty is any. */
  origins: z.array(z.string().max(MAX_ORIGIN_LENGTH)).max(MAX_ORIGINS).optional(),
});

/** @see apiKeySchema */
export type ApiKey = z.infer<typeof apiKeySchema>;

/** A new key: 256 random bits, in letters that a header and a WebSocket subprotocol can carry. */
export function newApiKey(): string {
  return KEY_PREFIX + randomBytes(KEY_BYTES).toString("base64url");
}

/**
 * The hash under which a key is kept. A slow, salted hash protects passwords, which can be guessed from a dictionary; nobody
 * guesses 256 random bits, so one round of SHA-256 is enough, and strangers cannot make the server burn time by asking.
 */
export function hashOf(key: string): string {
  return `sha256:${createHash("sha256").update(key).digest("hex")}`;
}

/** The key with a hash. Compares with every key, each in constant time: how long it takes says nothing about any of them. */
export function findByHash(keys: readonly ApiKey[], hash: string): ApiKey | undefined {
  const wanted = Buffer.from(hash);
  let found: ApiKey | undefined;
  for (const key of keys) {
    if (timingSafeEqual(Buffer.from(key.hash), wanted)) found = key;
  }
  return found;
}
