import { SttError } from "@stt/core";
import { VARIABLES, type Variable } from "@stt/core/config";
import * as z from "zod";
import type { ConfigEntry } from "../admin/live-config.js";
import { operatorFeed } from "../admin/operator-feed.js";
import type { App, AppContext } from "./app.js";
import { readBody } from "./read-body.js";
import { requireScope } from "./require-scope.js";

/** Of `GET /v1/admin/events`; nobody waits for its end when the server drains. */
export const EVENTS_PATH = "/v1/admin/events";
/** Operators who watch at the same time. */
const MAX_WATCHERS = 16;
const MAX_BODY_BYTES = 64 * 1024;

/** What `PATCH /v1/admin/config` takes: names and values as the environment has them. */
const changeSchema = z.strictObject({
  values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

// biome-ignore lint/suspicious/noExplicitAny: a table of variables mixes value types; only their texts are read here
const BY_NAME = new Map<string, Variable<any>>(Object.values<Variable<any>>(VARIABLES).map((each) => [each.env, each]));

/** Watching and changing the server: for operators. */
export function adminRoutes(app: App, context: AppContext): void {
  const { access, operations } = context;
  const admin = requireScope(access, "admin");
  let watchers = 0;

  app.get("/v1/admin/history", admin, (c) => c.json(context.sampler.history.since()));

  app.get(EVENTS_PATH, admin, (c) => {
    if (watchers >= MAX_WATCHERS) {
      throw new SttError("capacity", `${MAX_WATCHERS} operators are watching this server already.`, {
        retryable: true,
        retryAfterMs: 10_000,
      });
    }
    const { clock } = context.host;
    const ended = new AbortController();
    const end = () => ended.abort();
    const signal = AbortSignal.any([ended.signal, context.closing]);
    const stopWatching = access.onChange(() => {
      if (!access.holds(c.var.principal)) end();
    });
    const feed = operatorFeed(
      {
        clock,
        operations,
        readiness: context.readiness,
        history: context.sampler.history,
        log: context.log.tail,
        load: context.load,
        isFull: () => context.host.refusal() !== undefined,
      },
      signal,
    );
    watchers += 1;
    let isOver = false;
    const finish = () => {
      if (isOver) return;
      isOver = true;
      watchers -= 1;
      stopWatching();
      end();
    };
    const encoder = new TextEncoder();
    const body = new ReadableStream<Uint8Array>(
      {
        // Only asked for when the last piece was taken: nothing piles up for a reader that is slow.
        async pull(controller) {
          const { value, done } = await feed.next();
          if (!done) return controller.enqueue(encoder.encode(value));
          finish();
          controller.close();
        },
        cancel: finish,
      },
      { highWaterMark: 0 },
    );
    return c.body(body, 200, {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store",
      // nginx would collect it.
      "X-Accel-Buffering": "no",
    });
  });

  app.get("/v1/admin/config", admin, (c) => c.json({ variables: operations.config().map(described) }));

  app.patch("/v1/admin/config", admin, async (c) => {
    const { values } = readChange(await readBody(c.req.raw, MAX_BODY_BYTES));
    return c.json({ variables: operations.setConfig(values, c.var.principal.name).map(described) });
  });
}

/** A variable with its words in both languages. */
function described({ name, value, unit, live }: ConfigEntry) {
  const { type, doc, default: initial, secret, group } = BY_NAME.get(name)!;
  return { name, value, default: secret ? null : type.format(initial), unit, live, group, allowed: type.allowed, doc };
}

function readChange(body: string): z.infer<typeof changeSchema> {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    throw new SttError("invalid_argument", 'The body is not JSON. Send {"values": {"LOG_LEVEL": "debug"}}.');
  }
  const result = changeSchema.safeParse(json);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new SttError("invalid_argument", `${path.join(".") || "The body"}: ${message}.`);
}
