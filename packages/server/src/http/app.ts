import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import type { Readiness } from "../lifecycle/readiness.js";
import type { Log } from "../observability/log.js";

/** What the HTTP routes need of the server. */
export interface AppContext {
  readiness: Readiness;
  log: Log;
}

/** The HTTP application, the same on both listeners. */
export function createApp({
  readiness,
  log,
}: AppContext): (request: IncomingMessage, response: ServerResponse) => void {
  const app = new Hono<{ Bindings: HttpBindings }>();

  // Liveness: the process answers. Says nothing of models, so that a long load is not taken for a hang.
  app.get("/healthz", (c) => c.json({ status: "ok" }));

  app.get("/readyz", (c) => {
    const state = readiness.state();
    return c.json(state, state.ready ? 200 : 503);
  });

  app.notFound((c) => c.json(problem(`There is nothing at ${c.req.method} ${c.req.path}.`, "not_found"), 404));
  app.onError((error, c) => {
    log.error({ err: error, path: c.req.path }, "a request failed");
    return c.json(problem("The server failed to answer this request.", "internal"), 500);
  });

  return getRequestListener(app.fetch, { overrideGlobalObjects: false });
}

function problem(message: string, code: string) {
  return {
    error: { message, type: code === "internal" ? "server_error" : "invalid_request_error", param: null, code },
  };
}
