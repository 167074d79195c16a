import { createRoute, z } from "@hono/zod-openapi";
import { sessionSchema } from "../admin/operator-events.js";
import type { App, AppContext } from "./app-context.js";
import { requireScope } from "./require-scope.js";
import { failure, jsonAnswer, REFUSED } from "./responses.js";

/** Who is connected, and ending one of them: for operators. */
export function sessionRoutes(app: App, { access, operations, log }: AppContext): void {
  const admin = requireScope(access, "admin");

  app.openapi(
    createRoute({
      method: "get",
      path: "/v1/sessions",
      summary: "All open sessions, oldest first (scope admin)",
      tags: ["sessions"],
      middleware: admin,
      responses: { 200: jsonAnswer("The sessions.", z.object({ sessions: z.array(sessionSchema) })), ...REFUSED },
    }),
    (c) => c.json({ sessions: operations.sessions() }, 200),
  );

  // Its client gets what is pending first, which is why the answer may take as long as a decode.
  app.openapi(
    createRoute({
      method: "delete",
      path: "/v1/sessions/{id}",
      summary: "End a session once its pending finals are out (scope admin)",
      tags: ["sessions"],
      middleware: admin,
      request: { params: z.object({ id: z.string().openapi({ description: "Of the list of sessions." }) }) },
      responses: { 204: { description: "It has ended." }, ...REFUSED, 404: failure("There is no such session.") },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      await operations.endSession(id);
      log.info({ session: id, by: c.var.principal.name }, "a session was ended by an operator");
      return c.body(null, 204);
    },
  );
}
