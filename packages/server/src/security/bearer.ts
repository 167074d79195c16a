import type { IncomingHttpHeaders } from "node:http";
import { BEARER_SUBPROTOCOL_PREFIX } from "@stt/core";

/** How OpenAI's browser clients show their key: a page may set no headers on a WebSocket. */
export const OPENAI_KEY_SUBPROTOCOL_PREFIX = "openai-insecure-api-key.";

const PREFIXES = [BEARER_SUBPROTOCOL_PREFIX, OPENAI_KEY_SUBPROTOCOL_PREFIX];
const AUTHORIZATION = /^bearer +(\S+) *$/i;

/**
 * The bearer token of a request: of `Authorization: Bearer TOKEN`, else of the WebSocket subprotocols `stt.bearer.TOKEN` or
 * `openai-insecure-api-key.TOKEN`.
 *
 * @returns undefined when none is shown; never an empty text
 */
export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  const inHeader = AUTHORIZATION.exec(headers.authorization ?? "")?.[1];
  if (inHeader !== undefined) return inHeader;
  for (const offered of (headers["sec-websocket-protocol"] ?? "").split(",")) {
    const name = offered.trim();
    const prefix = PREFIXES.find((each) => name.startsWith(each) && name.length > each.length);
    if (prefix !== undefined) return name.slice(prefix.length);
  }
  return undefined;
}
