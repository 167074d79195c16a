import type { HttpBindings } from "@hono/node-server";

/** Tells a client that asked with `Expect: 100-continue` to send its body: it is wanted. */
export function acceptBody({ incoming, outgoing }: HttpBindings): void {
  if (/^100-continue$/i.test(incoming.headers.expect ?? "") && !outgoing.headersSent) outgoing.writeContinue();
}
