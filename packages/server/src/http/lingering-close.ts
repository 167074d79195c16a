import type { IncomingMessage } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-context.js";

/** A client that sends nothing for this long after its answer is not waited for. */
const IDLE_MS = 10_000;
const LEAST_BYTES = 2 ** 30;

export interface LingeringOptions {
  maxUploadBytes: number;
  /** Read and forgotten at least, however small uploads must be. @default 1 GiB */
  leastBytes?: number;
  /** @default 10000 */
  idleMs?: number;
}

/**
 * Lets every client read why it was refused. Many send their whole body before they look for an answer, and a connection that is
 * closed under a sender is reset, which throws the answer away. So the answer goes out at once, in full, and what still
 * comes is read and forgotten before the connection closes: for as long as the client sends, within HTTP_REQUEST_TIMEOUT, and up
 * to four times the largest upload, at least 1 GiB.
 */
export function lingeringClose({ maxUploadBytes, leastBytes = LEAST_BYTES, idleMs = IDLE_MS }: LingeringOptions) {
  const maxBytes = Math.max(leastBytes, 4 * maxUploadBytes);
  return createMiddleware<AppEnv>(async (c, next) => {
    await next();
    const { incoming, outgoing } = c.env;
    if (c.res.status < 400 || !isStillComing(incoming)) return;
    const body = Buffer.from(await c.res.arrayBuffer());
    for (const [name, value] of c.res.headers) outgoing.setHeader(name, value);
    outgoing.setHeader("Content-Length", body.length);
    // Clients that do look, stop sending.
    outgoing.setHeader("Connection", "close");
    outgoing.writeHead(c.res.status);
    outgoing.write(body);
    // Ending the response closes the connection.
    void discard(incoming, maxBytes, idleMs).then(() => outgoing.end());
    c.res = RESPONSE_ALREADY_SENT;
  });
}

function isStillComing(incoming: IncomingMessage | undefined): incoming is IncomingMessage {
  if (!incoming || incoming.complete || incoming.destroyed) return false;
  const { "content-length": length, "transfer-encoding": encoding } = incoming.headers;
  return encoding !== undefined || Number(length ?? 0) > 0;
}

/** Resolves when the body is over, too much of it came, or nothing comes any more. */
function discard(incoming: IncomingMessage, maxBytes: number, idleMs: number): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const idle = setTimeout(finish, idleMs);
    function finish() {
      clearTimeout(idle);
      resolve();
    }
    incoming.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) finish();
      else idle.refresh();
    });
    for (const event of ["end", "close", "error"]) incoming.once(event, finish);
    incoming.resume();
  });
}
