/** What the descriptions of many routes share. */
import { z } from "@hono/zod-openapi";
import { problemSchema } from "./problem.js";

/** For routes that ask for no credentials. */
export const OPEN: { security: [] } = { security: [] };

export function jsonAnswer<T extends z.ZodType>(description: string, schema: T) {
  return { description, content: { "application/json": { schema } } };
}

export function failure(description: string) {
  return jsonAnswer(description, problemSchema);
}

export const pageAnswer = { description: "A page.", content: { "text/html": { schema: z.string() } } };

export const REFUSED = {
  401: failure("No credentials, or unknown ones."),
  403: failure("The credentials are good, but not for this."),
};
export const BUSY = {
  429: failure("A limit of this key is reached; Retry-After says when to come again."),
  503: failure("No place for now; Retry-After says when to come again."),
};
export const FAILED = { 500: failure("The server failed; its log tells why.") };
