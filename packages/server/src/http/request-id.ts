import { randomUUID } from "node:crypto";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-context.js";

/** Names a request for its caller and for the log; OpenAI's clients show it with every error. */
export const requestId = createMiddleware<AppEnv>(async (c, next) => {
  const id = `req_${randomUUID().replaceAll("-", "")}`;
  c.set("requestId", id);
  c.header("x-request-id", id);
  await next();
});
