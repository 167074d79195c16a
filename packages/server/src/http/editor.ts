import type { App } from "./app-context.js";
import { servePage } from "./web-page.js";

/** The dictation editor of `examples/web-editor`, for everybody: what it may do is decided at `/v1/stream`. */
export function editorRoutes(app: App): void {
  servePage(app, "editor", "The dictation editor");
}
