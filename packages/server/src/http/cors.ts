import { cors } from "hono/cors";
import type { OriginPolicy } from "../security/origin-policy.js";
import type { App } from "./app-context.js";

const PREFLIGHT_S = 600;

/** Lets scripts of allowed pages read answers. What other pages may not do is judged by `Access`, not by their browser. */
export function crossOrigin(app: App, origins: OriginPolicy): void {
  app.use(
    "*",
    cors({
      origin: (origin, c) => (origins.allows({ origin, host: c.req.header("host") }) ? origin : null),
      // Any header is allowed, by naming none: OpenAI's client sends a dozen of its own.
      allowMethods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      exposeHeaders: ["Retry-After", "X-Request-Id"],
      maxAge: PREFLIGHT_S,
    }),
  );
}
