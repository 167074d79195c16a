import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "./app-context.js";
import { jsonAnswer, OPEN } from "./responses.js";

/** The HTTP API as an OpenAPI 3.1 document, made of the routes that were added so far. */
export function openApiDocument(app: App) {
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "stt server",
      version: "1",
      description:
        "Speech to text. The WebSockets /v1/stream and /v1/realtime are described in docs/protocol.md and docs/openai.md.",
      license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" },
    },
    // Beside this document, whatever path a proxy puts in front.
    servers: [{ url: "./" }],
    security: [{ bearer: [] }],
  });
}

/** `GET /openapi.json`; comes last. */
export function openApiRoutes(app: App): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  let document: object | undefined;
  app.openapi(
    createRoute({
      method: "get",
      path: "/openapi.json",
      summary: "This document",
      tags: ["state"],
      ...OPEN,
      responses: { 200: jsonAnswer("It.", z.looseObject({})) },
    }),
    (c) => {
      document ??= openApiDocument(app);
      return c.json({ ...document }, 200);
    },
  );
}
