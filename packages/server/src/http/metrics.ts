import { createRoute, z } from "@hono/zod-openapi";
import { loadSchema } from "../admin/operator-events.js";
import type { App, AppContext } from "./app-context.js";
import { requireScope } from "./require-scope.js";
import { jsonAnswer, OPEN, REFUSED } from "./responses.js";

export function metricsRoutes(app: App, { access, metrics, load }: AppContext): void {
  app.openapi(
    createRoute({
      method: "get",
      path: "/metrics",
      summary: "Metrics for Prometheus (scope metrics)",
      tags: ["state"],
      middleware: requireScope(access, "metrics"),
      responses: {
        200: { description: "In the text format of Prometheus.", content: { "text/plain": { schema: z.string() } } },
        ...REFUSED,
      },
    }),
    async (c) => {
      const { contentType, body } = await metrics.exposition();
      return c.text(body, 200, { "Content-Type": contentType });
    },
  );

  // Open like /readyz: a balancer asks before it has any credentials, and learns nothing but numbers.
  app.openapi(
    createRoute({
      method: "get",
      path: "/v1/load",
      summary: "How busy the server is, for load balancers",
      tags: ["state"],
      ...OPEN,
      responses: { 200: jsonAnswer("Its load.", loadSchema) },
    }),
    (c) => c.json(load(), 200),
  );
}
