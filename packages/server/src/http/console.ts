import type { App } from "./app.js";
import { WebFiles } from "./web-files.js";
import { webFolder } from "./web-folder.js";

const FILES = "/console/";

/** The operator's console of `packages/console`: the page is for everybody, what it shows is asked for with a key. */
export function consoleRoutes(app: App): void {
  const files = new WebFiles(webFolder("console"));
  app.get("/", (c) => files.serve(c, ""));
  app.get(`${FILES}*`, (c) => files.serve(c, c.req.path.slice(FILES.length)));
}
