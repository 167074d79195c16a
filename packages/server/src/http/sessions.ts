import type { App, AppContext } from "./app.js";
import { requireScope } from "./require-scope.js";

/** Who is connected, and ending one of them: for operators. */
export function sessionRoutes(app: App, { access, operations, log }: AppContext): void {
  app.get("/v1/sessions", requireScope(access, "admin"), (c) => c.json({ sessions: operations.sessions() }));

  // Its client gets what is pending first, which is why the answer may take as long as a decode.
  app.delete("/v1/sessions/:id", requireScope(access, "admin"), async (c) => {
    const id = c.req.param("id");
    await operations.endSession(id);
    log.info({ session: id, by: c.var.principal.name }, "a session was ended by an operator");
    return c.body(null, 204);
  });
}
