import { createRoute } from "@hono/zod-openapi";
import type { App } from "./app-context.js";
import { failure, OPEN, pageAnswer } from "./responses.js";
import { WebFiles } from "./web-files.js";
import { webFolder } from "./web-folder.js";

/**
 * Serves the built page `dist/web/NAME` below `/NAME/`. The page names its files, and the server's routes, relative to itself, so
 * that a proxy may put any path in front: that is why its address ends with a slash.
 */
export function servePage(app: App, name: "console" | "editor", summary: string): void {
  const files = new WebFiles(webFolder(name));
  const path = `/${name}`;
  app.openapi(
    createRoute({
      method: "get",
      path,
      summary,
      tags: ["pages"],
      ...OPEN,
      responses: {
        200: pageAnswer,
        302: { description: "The page is at this path with a slash at its end." },
        404: failure("It is not built."),
      },
    }),
    (c) => {
      // `c.req.path` has no slash at its end, ever.
      const { pathname, search } = new URL(c.req.url);
      return pathname.endsWith("/") ? files.serve(c, "") : c.redirect(`./${name}/${search}`, 302);
    },
  );
  app.get(`${path}/*`, (c) => files.serve(c, c.req.path.slice(path.length + 1)));
}
