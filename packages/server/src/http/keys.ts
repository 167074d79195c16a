import { createRoute, z } from "@hono/zod-openapi";
import { SttError } from "@stt/core";
import { KEY_NAME, MAX_ORIGIN_LENGTH, MAX_ORIGINS } from "../security/api-key.js";
import type { KeyManager } from "../security/key-manager.js";
import type { App, AppContext } from "./app-context.js";
import { jsonBody } from "./json-body.js";
import { requireScope } from "./require-scope.js";
import { FAILED, failure, jsonAnswer, REFUSED } from "./responses.js";

const MAX_BODY_BYTES = 64 * 1024;
const WHOLE = "pass a whole number; 0 is no limit";

const limitsSchema = z
  .strictObject({
    sessions: z.int({ error: WHOLE }).min(0, WHOLE).optional().openapi({ description: "At the same time." }),
    requestsPerMinute: z.int({ error: WHOLE }).min(0, WHOLE).optional(),
    audioMinutesPerDay: z
      .number({ error: "pass minutes; 0 is no limit" })
      .min(0, "pass minutes; 0 is no limit")
      .optional(),
  })
  .openapi("KeyLimits", {
    description: "0 is no limit; what is left out goes by the KEY_ variables.",
    example: { sessions: 4 },
  });

const keySchema = z
  .object({
    name: z.string(),
    scopes: z.array(z.enum(["transcribe", "metrics", "admin"])),
    created: z.string().optional().openapi({ description: "ISO 8601; absent where nobody noted it." }),
    limits: limitsSchema,
    origins: z.array(z.string()).openapi({ description: "The only pages that may use it; empty is any." }),
    fixed: z.boolean().openapi({ description: "Of API_KEYS: changed there, with a restart." }),
    sessions: z.int().openapi({ description: "Open now." }),
    audioMinutesToday: z.number().openapi({ description: "Since midnight in UTC, or the start of this server." }),
  })
  .openapi("Key", {
    example: {
      name: "my-app",
      scopes: ["transcribe"],
      created: "2026-01-31T12:00:00.000Z",
      limits: { sessions: 4 },
      origins: [],
      fixed: false,
      sessions: 1,
      audioMinutesToday: 12.5,
    },
  });
const keysSchema = z
  .object({
    keys: z.array(keySchema),
    canChange: z.boolean().openapi({ description: "Whether there is a file to keep keys in (API_KEYS_FILE)." }),
  })
  .openapi("Keys");

const newKeySchema = z
  .strictObject({
    name: z
      .string({ error: KEY_NAME.expected })
      .regex(KEY_NAME.pattern, KEY_NAME.expected)
      .openapi({ description: "For logs and limits." }),
    scopes: z
      .array(z.enum(["transcribe", "metrics", "admin"]), { error: 'pass a list such as ["transcribe"]' })
      .min(1, "name at least one scope")
      .default(["transcribe"]),
    limits: limitsSchema.optional(),
    origins: z
      .array(z.string().max(MAX_ORIGIN_LENGTH))
      .max(MAX_ORIGINS)
      .optional()
      .openapi({ description: "The only pages that may use it." }),
  })
  .openapi({ example: { name: "my-app", scopes: ["transcribe"], limits: { sessions: 4 } } });
const madeKeySchema = z
  .object({ name: z.string(), key: z.string().openapi({ description: "Shown this once." }) })
  .openapi("MadeKey");

const params = z.object({ name: z.string().openapi({ description: "Name of the key." }) });
const UNCHANGEABLE = failure("There is no file for keys, the key is of API_KEYS, or it is the one that asks.");
const UNKNOWN = failure("There is no such key.");

/** API keys of a running server: for operators. */
export function keyRoutes(app: App, { access, keyManager }: AppContext): void {
  const admin = requireScope(access, "admin");

  app.openapi(
    createRoute({
      method: "get",
      path: "/v1/admin/keys",
      summary: "The API keys, without their secrets (scope admin)",
      tags: ["access"],
      middleware: admin,
      responses: { 200: jsonAnswer("The keys.", keysSchema), ...REFUSED },
    }),
    (c) => c.json({ keys: keyManager?.list() ?? [], canChange: keyManager?.isPossible ?? false }, 200),
  );

  app.openapi(
    createRoute({
      method: "post",
      path: "/v1/admin/keys",
      summary: "Make a key, which is shown this once (scope admin)",
      tags: ["access"],
      middleware: [admin, jsonBody(MAX_BODY_BYTES)] as const,
      request: { body: { required: true, content: { "application/json": { schema: newKeySchema } } } },
      responses: {
        201: jsonAnswer("The key.", madeKeySchema),
        400: failure("A field is wrong, or the name is taken."),
        ...REFUSED,
        409: UNCHANGEABLE,
        413: failure("The body is too large."),
        ...FAILED,
      },
    }),
    async (c) => {
      const { name, scopes, limits, origins } = c.req.valid("json");
      const entry = { name, scopes, ...(limits ? { limits } : {}), ...(origins ? { origins } : {}) };
      const key = await managed(keyManager).add(entry, c.var.principal.name);
      c.header("Cache-Control", "no-store");
      return c.json({ name, key }, 201);
    },
  );

  app.openapi(
    createRoute({
      method: "put",
      path: "/v1/admin/keys/{name}/limits",
      summary: "Give a key other limits, in place of those it has (scope admin)",
      tags: ["access"],
      middleware: [admin, jsonBody(MAX_BODY_BYTES)] as const,
      request: { params, body: { required: true, content: { "application/json": { schema: limitsSchema } } } },
      responses: {
        204: { description: "They count from now on; what is used stays used." },
        400: failure("A limit is wrong."),
        ...REFUSED,
        404: UNKNOWN,
        409: UNCHANGEABLE,
        413: failure("The body is too large."),
        ...FAILED,
      },
    }),
    async (c) => {
      await managed(keyManager).limit(c.req.valid("param").name, c.req.valid("json"), c.var.principal.name);
      return c.body(null, 204);
    },
  );

  app.openapi(
    createRoute({
      method: "delete",
      path: "/v1/admin/keys/{name}",
      summary: "Revoke a key: its sessions and tokens end at once (scope admin)",
      tags: ["access"],
      middleware: admin,
      request: { params },
      responses: {
        204: { description: "It is revoked." },
        ...REFUSED,
        404: UNKNOWN,
        409: UNCHANGEABLE,
        ...FAILED,
      },
    }),
    async (c) => {
      await managed(keyManager).revoke(c.req.valid("param").name, c.var.principal.name);
      return c.body(null, 204);
    },
  );
}

function managed(keyManager: KeyManager | undefined): KeyManager {
  if (keyManager) return keyManager;
  throw new SttError("invalid_state", "The program that runs this server decides itself who comes in.");
}
