import { SttError } from "@stt/core";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-context.js";
import { problem } from "./problem.js";

/** Refuses heads that HTTP does not allow, and what they expect and this server does not know. */
export const soundHead = createMiddleware<AppEnv>(async (c, next) => {
  const { headers, httpVersion } = c.env.incoming;
  // Older ones need none.
  if (!headers.host && httpVersion !== "1.0") {
    throw new SttError("bad_message", "The request has no Host header: HTTP/1.1 asks for one.");
  }
  const expected = headers.expect?.trim() ?? "";
  if (expected === "" || /^100-continue$/i.test(expected)) return next();
  const sentence = `The request has the header Expect: ${JSON.stringify(expected.slice(0, 100))}, of which only "100-continue" is known: leave it out.`;
  return c.json(problem(sentence, "invalid_argument"), 417);
});
