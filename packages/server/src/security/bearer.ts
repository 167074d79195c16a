import type { IncomingHttpHeaders } from "node:http";
import { BEARER_SUBPROTOCOL_PREFIX } from "@stt/core";

/** How OpenAI's browser clients show their key: a page may set no headers on a WebSocket. */
export const OPENAI_KEY_SUBPROTOCOL_PREFIX = "openai-insecure-api-key.";

const PREFIXES = [BEARER_SUBPROTOCOL_PREFIX, OPENAI_KEY_SUBPROTOCOL_PREFIX];
/** Deepgram's clients say `Token` for a key and `Bearer` for a token. */
const AUTHORIZATION = /^(?:bearer|token) +(\S+) *$/i;
/** Deepgram's browser clients offer one of these words, and behind it their key. */
const SCHEMES = ["token", "bearer"];

/**
 * The bearer token of a request: of `Authorization: Bearer TOKEN` (or `Token TOKEN`), else of the WebSocket subprotocols
 * `stt.bearer.TOKEN`, `openai-insecure-api-key.TOKEN`, or the pair `token, TOKEN`.
 *
 * @returns undefined when none is shown; never an empty text
 */
export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  const inHeader = AUTHORIZATION.exec(headers.authorization ?? "")?.[1];
  if (inHeader !== undefined) return inHeader;
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  if (offered.length > 1 && SCHEMES.includes(offered[0]!)) return offered[1] || undefined;
  for (const name of offered) {
    const prefix = PREFIXES.find((each) => name.startsWith(each) && name.length > each.length);
    if (prefix !== undefined) return name.slice(prefix.length);
  }
  return undefined;
}
