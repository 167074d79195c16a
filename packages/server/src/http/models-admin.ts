import { createRoute, z } from "@hono/zod-openapi";
import { catalogModelSchema, modelPullSchema } from "../admin/operator-events.js";
import type { App, AppContext } from "./app-context.js";
import { jsonBody } from "./json-body.js";
import { requireScope } from "./require-scope.js";
import { BUSY, FAILED, failure, jsonAnswer, REFUSED } from "./responses.js";

const MAX_BODY_BYTES = 16_384;
const NEITHER = 'send the models to use from now on, such as {"final": "medium", "partial": "tiny"}, one or both';

const modelName = z.string().min(1).max(4096);
const choiceSchema = z
  .strictObject({ final: modelName.optional(), partial: modelName.optional() })
  .refine(({ final, partial }) => final !== undefined || partial !== undefined, NEITHER)
  .openapi({ example: { final: "medium", partial: "tiny" } });

const activeSchema = z
  .object({ final: z.string(), partial: z.string() })
  .openapi("ActiveModels", { example: { final: "medium", partial: "tiny" } });

const params = z.object({ name: z.string().openapi({ description: "Name of the model, such as medium-q5_0." }) });
const NEVER_ASKED = failure("Nobody has asked for it since the server started.");

/** Fetching and switching models, for operators; must come before the routes that take any name. */
export function modelAdminRoutes(app: App, { access, operations }: AppContext): void {
  const admin = requireScope(access, "admin");

  app.openapi(
    createRoute({
      method: "get",
      path: "/v1/models/catalog",
      summary: "Models that are there or can be fetched (scope admin)",
      tags: ["models"],
      middleware: admin,
      responses: { 200: jsonAnswer("The models.", z.array(catalogModelSchema)), ...REFUSED },
    }),
    async (c) => c.json(await operations.catalog(), 200),
  );

  app.openapi(
    createRoute({
      method: "get",
      path: "/v1/models/active",
      summary: "The models in use (scope admin)",
      tags: ["models"],
      middleware: admin,
      responses: {
        200: jsonAnswer("Their names.", activeSchema),
        ...REFUSED,
        409: failure("The models are still loading."),
      },
    }),
    (c) => c.json(operations.activeModels(), 200),
  );

  app.openapi(
    createRoute({
      method: "put",
      path: "/v1/models/active",
      summary: "Use other models from now on, without ending a session (scope admin)",
      tags: ["models"],
      middleware: [admin, jsonBody(MAX_BODY_BYTES)] as const,
      request: { body: { required: true, content: { "application/json": { schema: choiceSchema } } } },
      responses: {
        200: jsonAnswer("They are in use.", activeSchema),
        400: failure("Neither is given."),
        ...REFUSED,
        404: failure("There is no such model on this machine."),
        409: failure("The models are still loading, or the server's engine has no models of its own."),
        413: failure("The body is too large."),
        ...FAILED,
        503: failure("There is not enough memory for both at the same time."),
      },
    }),
    async (c) => {
      const { final, partial } = c.req.valid("json");
      const choice = { ...(final === undefined ? {} : { final }), ...(partial === undefined ? {} : { partial }) };
      return c.json(await operations.switchModel(choice, c.var.principal.name), 200);
    },
  );

  app.openapi(
    createRoute({
      method: "post",
      path: "/v1/models/{name}/pull",
      summary: "Fetch a model (scope admin)",
      tags: ["models"],
      middleware: admin,
      request: { params },
      responses: {
        202: jsonAnswer("It is being fetched.", modelPullSchema),
        ...REFUSED,
        404: failure("It cannot be had."),
        ...BUSY,
      },
    }),
    (c) => c.json(operations.pullModel(c.req.valid("param").name, c.var.principal.name), 202),
  );

  app.openapi(
    createRoute({
      method: "get",
      path: "/v1/models/{name}/pull",
      summary: "How far that is (scope admin)",
      tags: ["models"],
      middleware: admin,
      request: { params },
      responses: { 200: jsonAnswer("Its state.", modelPullSchema), ...REFUSED, 404: NEVER_ASKED },
    }),
    (c) => c.json(operations.modelPull(c.req.valid("param").name), 200),
  );

  app.openapi(
    createRoute({
      method: "delete",
      path: "/v1/models/{name}/pull",
      summary: "Stop it, or forget how it ended; what has come is kept for the next time (scope admin)",
      tags: ["models"],
      middleware: admin,
      request: { params },
      responses: { 204: { description: "It is stopped and forgotten." }, ...REFUSED, 404: NEVER_ASKED },
    }),
    async (c) => {
      await operations.cancelModelPull(c.req.valid("param").name, c.var.principal.name);
      return c.body(null, 204);
    },
  );
}
