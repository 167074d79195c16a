import { createRoute } from "@hono/zod-openapi";
import type { App } from "./app-context.js";
import { OPEN } from "./responses.js";
import { servePage } from "./web-page.js";

/** The operator's console of `packages/console`: the page is for everybody, what it shows is asked for with a key. */
export function consoleRoutes(app: App): void {
  servePage(app, "console", "The operator's console");
  app.openapi(
    createRoute({
      method: "get",
      path: "/",
      summary: "To the operator's console",
      tags: ["pages"],
      ...OPEN,
      responses: { 302: { description: "To ./console/." } },
    }),
    (c) => c.redirect("./console/", 302),
  );
}
