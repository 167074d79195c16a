import { createRoute, z } from "@hono/zod-openapi";
import { MAX_FIND_CHARACTERS, MAX_PATTERNS } from "@stt/core";
import { patternFaults } from "../text/rules/replacements.js";
import type { App, AppContext } from "./app-context.js";
import { jsonBody } from "./json-body.js";
import { requireScope } from "./require-scope.js";
import { failure, jsonAnswer, REFUSED } from "./responses.js";

const MAX_BODY_BYTES = 65_536;

const requestSchema = z.strictObject({
  patterns: z
    .array(z.string().min(1).max(MAX_FIND_CHARACTERS))
    .max(MAX_PATTERNS)
    .openapi({ description: "The `find` of replacements with `pattern`.", example: ["(\\w+) dot com", "(open"] }),
});

const faultSchema = z.object({
  index: z.int().openapi({ description: "Its place in the list, from 0.", example: 1 }),
  pattern: z.string().openapi({ example: "(open" }),
  reason: z.string().openapi({ description: "In RE2's words.", example: "missing closing )" }),
});

/** For those who write replacements: a pattern is told to be wrong before a session would refuse it. */
export function replacementRoutes(app: App, { access }: AppContext): void {
  app.openapi(
    createRoute({
      method: "post",
      path: "/v1/replacements/check",
      summary: "Which patterns of replacements cannot be read (scope transcribe)",
      tags: ["audio"],
      middleware: [requireScope(access, "transcribe"), jsonBody(MAX_BODY_BYTES)] as const,
      request: { body: { content: { "application/json": { schema: requestSchema } } } },
      responses: {
        200: jsonAnswer(
          "The faulty ones; none where a session would take all.",
          z.object({ faults: z.array(faultSchema) }),
        ),
        400: failure("A field is wrong."),
        ...REFUSED,
        413: failure("The body is too large."),
      },
    }),
    (c) => {
      const list = c.req.valid("json").patterns.map((find) => ({ find, replace: "", pattern: true }));
      return c.json({ faults: patternFaults(list) }, 200);
    },
  );
}
