import { createRoute, z } from "@hono/zod-openapi";
import { SttError } from "@stt/core";
import { GROUPS, VARIABLES, type Variable } from "@stt/core/config";
import type { ConfigEntry } from "../admin/live-config.js";
import { historySchema, operatorEvents } from "../admin/operator-events.js";
import { operatorFeed } from "../admin/operator-feed.js";
import { RANGES } from "../observability/history-archive.js";
import type { App, AppContext } from "./app-context.js";
import { eventStream } from "./event-stream.js";
import { jsonBody } from "./json-body.js";
import { requireScope } from "./require-scope.js";
import { BUSY, failure, jsonAnswer, REFUSED } from "./responses.js";

/** Of `GET /v1/admin/events`; nobody waits for its end when the server drains. */
export const EVENTS_PATH = "/v1/admin/events";
/** Operators who watch at the same time. */
const MAX_WATCHERS = 16;
const MAX_BODY_BYTES = 64 * 1024;

const localizedSchema = z.object({ en: z.string(), ru: z.string() });

const variableSchema = z
  .object({
    name: z.string(),
    value: z
      .string()
      .nullable()
      .openapi({ description: "As the environment would have it; null where it must not be shown." }),
    default: z.string().nullable(),
    unit: z.string().nullable(),
    live: z.boolean().openapi({ description: "Whether it can be changed now." }),
    group: z.string(),
    groupTitle: localizedSchema,
    allowed: localizedSchema,
    doc: localizedSchema,
  })
  .openapi("Variable");
const variablesSchema = z.object({ variables: z.array(variableSchema) }).openapi("Variables");

const changeSchema = z
  .strictObject({
    values: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]), {
        error: 'pass names and values, such as {"LOG_LEVEL": "debug"}',
      })
      .openapi({ description: "Names and values as the environment has them." }),
  })
  .openapi({ example: { values: { LOG_LEVEL: "debug" } } });

// biome-ignore lint/suspicious/noExplicitAny: a table of variables mixes value types; only their texts are read here
const BY_NAME = new Map<string, Variable<any>>(Object.values<Variable<any>>(VARIABLES).map((each) => [each.env, each]));

/** Watching and changing the server: for operators. */
export function adminRoutes(app: App, context: AppContext): void {
  const { access, operations } = context;
  const admin = requireScope(access, "admin");
  let watchers = 0;

  app.openapi(
    createRoute({
      method: "get",
      path: "/v1/admin/history",
      summary: "Samples of the past: load, latencies, CPU, memory (scope admin)",
      description:
        "180 steps of the range. In ranges longer than 15 minutes a step has the highest value that was measured in it, and of CPU and GPU the mean.",
      tags: ["operator"],
      middleware: admin,
      request: {
        query: z.object({
          range: z
            .enum(RANGES, { error: `pass one of ${RANGES.join(", ")}` })
            .default("15m")
            .openapi({ description: "How far back." }),
        }),
      },
      responses: {
        200: jsonAnswer("The samples, oldest first.", historySchema),
        400: failure("There is no such range."),
        ...REFUSED,
      },
    }),
    (c) => c.json(context.sampler.table(c.req.valid("query").range), 200),
  );

  const eventsRoute = createRoute({
    method: "get",
    path: EVENTS_PATH,
    summary: "What an operator watches, as server-sent events without an end (scope admin)",
    description:
      "Events with JSON as data: `status` (Status), `sessions` (SessionsEvent) and `models` (ModelsEvent) whenever they changed, `history` (History) and `log` (LogEvent) with what was added.",
    tags: ["operator"],
    middleware: admin,
    responses: {
      200: {
        description: "Events.",
        content: { "text/event-stream": { schema: z.union(Object.values(operatorEvents)) } },
      },
      ...REFUSED,
      ...BUSY,
    },
  });
  app.openapi(eventsRoute, (c) => {
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
        keepsHistory: context.keepsHistory,
        log: context.log.tail,
        load: context.load,
        isFull: () => context.host.admission.rejection() !== undefined,
      },
      signal,
    );
    watchers += 1;
    const onEnd = () => {
      watchers -= 1;
      stopWatching();
      end();
    };
    return eventStream(c, feed, { onCancel: end, onEnd });
  });

  app.openapi(
    createRoute({
      method: "get",
      path: "/v1/admin/config",
      summary: "The configuration (scope admin)",
      tags: ["operator"],
      middleware: admin,
      responses: { 200: jsonAnswer("All variables.", variablesSchema), ...REFUSED },
    }),
    (c) => c.json({ variables: operations.config().map(described) }, 200),
  );

  app.openapi(
    createRoute({
      method: "patch",
      path: "/v1/admin/config",
      summary: "Change variables of the running server: all of them or, if one is not allowed, none (scope admin)",
      tags: ["operator"],
      middleware: [admin, jsonBody(MAX_BODY_BYTES)] as const,
      request: { body: { required: true, content: { "application/json": { schema: changeSchema } } } },
      responses: {
        200: jsonAnswer("The changed variables.", variablesSchema),
        400: failure("A name or value is not allowed; the message says which and what is."),
        ...REFUSED,
        413: failure("The body is too large."),
      },
    }),
    (c) => {
      const { values } = c.req.valid("json");
      return c.json({ variables: operations.setConfig(values, c.var.principal.name).map(described) }, 200);
    },
  );
}

/** A variable with its words in both languages. */
function described({ name, value, unit, live }: ConfigEntry) {
  const { type, doc, default: initial, secret, group } = BY_NAME.get(name)!;
  return {
    name,
    value,
    default: secret ? null : type.format(initial),
    unit,
    live,
    group,
    groupTitle: GROUPS[group],
    allowed: type.allowed,
    doc,
  };
}
