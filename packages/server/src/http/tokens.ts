import { createRoute, z } from "@hono/zod-openapi";
import { SttError } from "@stt/core";
import type { App, AppContext } from "./app-context.js";
import { jsonBody } from "./json-body.js";
import { requireScope } from "./require-scope.js";
import { failure, jsonAnswer, REFUSED } from "./responses.js";

const DEFAULT_TTL_S = 600;
const MAX_BODY_BYTES = 4096;

/** What `POST /v1/tokens` takes; every field may be left out, and so may the body. */
export const tokenRequestSchema = z.strictObject({
  ttlSeconds: z
    .int({ error: "pass whole seconds, such as 600" })
    .min(1, "pass at least 1 second")
    .optional()
    .openapi({ description: "Life of the token, seconds; connections that it opened end with it.", example: 600 }),
  origin: z
    .string()
    .max(300)
    .regex(/^https?:\/\/[^\s/]+$/, "an origin is a scheme and a host, such as https://app.example.org")
    .optional()
    .openapi({ description: "The only page that may use it.", example: "https://app.example.org" }),
  singleSession: z
    .boolean({ error: "pass true or false" })
    .optional()
    .openapi({ description: "One session at a time; a newer one takes the place of the one before." }),
});

const tokenSchema = z.object({ token: z.string(), expiresAt: z.iso.datetime() });

/** Tokens for browsers: short-lived, for transcribing only, asked for with an API key by the page's own server. */
export function tokenRoutes(app: App, { access, tokens, config }: AppContext): void {
  const maxTtlS = config.tokenMaxTtlMs / 1000;

  app.openapi(
    createRoute({
      method: "post",
      path: "/v1/tokens",
      summary: "A short-lived token for a browser (scope transcribe)",
      tags: ["access"],
      middleware: [requireScope(access, "transcribe"), jsonBody(MAX_BODY_BYTES)] as const,
      request: { body: { content: { "application/json": { schema: tokenRequestSchema } } } },
      responses: {
        201: jsonAnswer("The token.", tokenSchema),
        400: failure("A field is wrong."),
        ...REFUSED,
        413: failure("The body is too large."),
      },
    }),
    async (c) => {
      const { name, by, keyHash } = c.var.principal;
      if (by === "token") throw new SttError("forbidden", "A token cannot ask for tokens: use the API key.");
      const request = c.req.valid("json");
      const ttlSeconds = request.ttlSeconds ?? Math.min(DEFAULT_TTL_S, maxTtlS);
      if (ttlSeconds > maxTtlS) {
        throw new SttError(
          "invalid_argument",
          `ttlSeconds is ${ttlSeconds}; at most ${maxTtlS} are given (TOKEN_MAX_TTL).`,
        );
      }
      const fingerprint = keyHash === undefined ? undefined : tokens.fingerprintOf(keyHash);
      const token = await tokens.sign({ ...request, name, fingerprint }, ttlSeconds * 1000);
      c.header("Cache-Control", "no-store");
      return c.json({ token, expiresAt: new Date(Date.now() + ttlSeconds * 1000).toISOString() }, 201);
    },
  );
}
