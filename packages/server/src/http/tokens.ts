import { SttError } from "@stt/core";
import * as z from "zod";
import type { App, AppContext } from "./app.js";
import { readBody } from "./read-body.js";
import { requireScope } from "./require-scope.js";

const DEFAULT_TTL_S = 600;
const MAX_BODY_BYTES = 4096;

/** What `POST /v1/tokens` takes; every field may be left out, and so may the body. */
export const tokenRequestSchema = z.strictObject({
  /** Life of the token, seconds; connections that it opened end with it. */
  ttlSeconds: z.int().min(1).optional(),
  /** The only page that may use it, such as `https://app.example.org`. */
  origin: z
    .string()
    .max(300)
    .regex(/^https?:\/\/[^\s/]+$/, "an origin is a scheme and a host, such as https://app.example.org")
    .optional(),
  /** One session at a time; a newer one takes the place of the one before. */
  singleSession: z.boolean().optional(),
});

/** Tokens for browsers: short-lived, for transcribing only, asked for with an API key by the page's own server. */
export function tokenRoutes(app: App, context: AppContext): void {
  const { access, tokens, config } = context;
  const maxTtlS = config.tokenMaxTtlMs / 1000;

  app.post("/v1/tokens", requireScope(access, "transcribe"), async (c) => {
    const { name, by, keyHash } = c.var.principal;
    if (by === "token") throw new SttError("forbidden", "A token cannot ask for tokens: use the API key.");
    const request = readRequest(await readBody(c.req.raw, MAX_BODY_BYTES));
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
  });
}

function readRequest(body: string): z.infer<typeof tokenRequestSchema> {
  let json: unknown = {};
  try {
    if (body.trim() !== "") json = JSON.parse(body);
  } catch {
    throw new SttError("invalid_argument", 'The body is not JSON. Send {"ttlSeconds": 600}, or nothing.');
  }
  const result = tokenRequestSchema.safeParse(json);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new SttError("invalid_argument", `${path.join(".") || "The body"}: ${message}.`);
}
