import type { App, AppContext } from "./app.js";
import { requireScope } from "./require-scope.js";

export function metricsRoutes(app: App, { access, metrics, load }: AppContext): void {
  app.get("/metrics", requireScope(access, "metrics"), async (c) => {
    const { contentType, body } = await metrics.exposition();
    return c.text(body, 200, { "Content-Type": contentType });
  });

  // Open like /readyz: a balancer asks before it has any credentials, and learns nothing but numbers.
  app.get("/v1/load", (c) => c.json(load()));
}
