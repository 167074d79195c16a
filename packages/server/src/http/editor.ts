import type { App } from "./app.js";
import { WebFiles } from "./web-files.js";
import { webFolder } from "./web-folder.js";

const PATH = "/editor";

/** The dictation editor of `examples/web-editor`, for everybody: what it may do is decided at `/v1/stream`. */
export function editorRoutes(app: App): void {
  const files = new WebFiles(webFolder("editor"));
  app.get(PATH, (c) => files.serve(c, ""));
  app.get(`${PATH}/*`, (c) => files.serve(c, c.req.path.slice(PATH.length + 1)));
}
