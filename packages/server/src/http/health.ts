import type { App, AppContext } from "./app.js";

export function healthRoutes(app: App, { readiness }: AppContext): void {
  // Liveness: the process answers. Says nothing of models, so that a long load is not taken for a hang.
  app.get("/healthz", (c) => c.json({ status: "ok" }));

  app.get("/readyz", (c) => {
    const state = readiness.state();
    return c.json(state, state.ready ? 200 : 503);
  });
}
