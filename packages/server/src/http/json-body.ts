import type { IncomingMessage } from "node:http";
import { abortError, messageOf, SttError } from "@stt/core";
import { createMiddleware } from "hono/factory";
import { acceptBody } from "./accept-body.js";
import type { AppEnv } from "./app-context.js";

/**
 * Reads a body of JSON for the schema of its route, whatever type it was sent as: `curl -d` calls it a form. An empty body counts
 * as `{}`.
 *
 * @throws SttError `too_large` as soon as there is more than `maxBytes`, `invalid_argument`
 */
export function jsonBody(maxBytes: number) {
  return createMiddleware<AppEnv>(async (c, next) => {
    acceptBody(c.env);
    const text = (await readText(c.env.incoming, maxBytes)).trim() || "{}";
    try {
      JSON.parse(text);
    } catch (cause) {
      throw new SttError("invalid_argument", `The body is not JSON: ${messageOf(cause)}.`, { cause });
    }
    const headers = new Headers(c.req.raw.headers);
    headers.set("Content-Type", "application/json");
    c.req.raw = new Request(c.req.url, { method: c.req.method, headers, body: text });
    await next();
  });
}

/** Leaves the connection usable when it fails: see `lingeringClose`. */
function readText(incoming: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= maxBytes) return;
      incoming.off("data", onData);
      reject(new SttError("too_large", `The body has more than ${maxBytes} bytes.`));
    };
    incoming.on("data", onData);
    incoming.once("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    incoming.once("error", (error) => reject(abortError(error)));
    incoming.once("close", () => reject(abortError(new Error("The client went away."))));
  });
}
