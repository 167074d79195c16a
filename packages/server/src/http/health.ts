import { createRoute, z } from "@hono/zod-openapi";
import type { App, AppContext } from "./app-context.js";
import { jsonAnswer, OPEN } from "./responses.js";

const readinessSchema = z
  .object({
    ready: z.boolean(),
    reason: z.string().optional().openapi({ description: "What is being waited for; absent when ready." }),
  })
  .openapi("Readiness", { example: { ready: false, reason: "models are loading" } });

export function healthRoutes(app: App, { readiness }: AppContext): void {
  // Liveness: the process answers. Says nothing of models, so that a long load is not taken for a hang.
  app.openapi(
    createRoute({
      method: "get",
      path: "/healthz",
      summary: "The process answers",
      tags: ["state"],
      ...OPEN,
      responses: { 200: jsonAnswer("It does.", z.object({ status: z.literal("ok") })) },
    }),
    (c) => c.json({ status: "ok" as const }, 200),
  );

  app.openapi(
    createRoute({
      method: "get",
      path: "/readyz",
      summary: "Whether new sessions are welcome",
      tags: ["state"],
      ...OPEN,
      responses: {
        200: jsonAnswer("They are.", readinessSchema),
        503: jsonAnswer("They are not, and why.", readinessSchema),
      },
    }),
    (c) => {
      const state = readiness.state();
      return c.json(state, state.ready ? 200 : 503);
    },
  );
}
