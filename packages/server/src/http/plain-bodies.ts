import { SttError } from "@stt/core";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-context.js";

/** Refuses bodies that are compressed as a whole; audio has formats of its own for that. */
export const plainBodies = createMiddleware<AppEnv>(async (c, next) => {
  const encoding = c.req.header("content-encoding")?.trim().toLowerCase() ?? "";
  if (encoding !== "" && encoding !== "identity") {
    c.header("Accept-Encoding", "identity");
    throw new SttError(
      "unsupported_media",
      `The body has the Content-Encoding ${JSON.stringify(encoding.slice(0, 100))}: send it without one. Audio may be FLAC, Opus or MP3 instead.`,
    );
  }
  await next();
});
