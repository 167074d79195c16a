import { createRoute, z } from "@hono/zod-openapi";
import { ServedModels } from "../models/served-models.js";
import type { App, AppContext } from "./app-context.js";
import { requireScope } from "./require-scope.js";
import { failure, jsonAnswer, REFUSED } from "./responses.js";

const modelSchema = z
  .object({
    id: z.string(),
    object: z.literal("model"),
    created: z.int().openapi({ description: "Seconds since 1970." }),
    owned_by: z.string(),
  })
  .openapi("Model", { example: { id: "medium", object: "model", created: 1_760_000_000, owned_by: "stt-server" } });

/** `GET /v1/models` and `GET /v1/models/{id}`, in OpenAI's shape. */
export function modelRoutes(app: App, { access, host }: AppContext): void {
  const created = Math.floor(Date.now() / 1000);
  const describe = (id: string) => ({ id, object: "model" as const, created, owned_by: "stt-server" });
  const allowed = requireScope(access, "transcribe");

  app.openapi(
    createRoute({
      method: "get",
      path: "/v1/models",
      summary: "The loaded models (scope transcribe)",
      tags: ["models"],
      middleware: allowed,
      responses: {
        200: jsonAnswer("The models.", z.object({ object: z.literal("list"), data: z.array(modelSchema) })),
        ...REFUSED,
      },
    }),
    async (c) => {
      const models = new ServedModels(await host.services());
      return c.json({ object: "list" as const, data: models.names.map(describe) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: "get",
      path: "/v1/models/{id}",
      summary: "One model (scope transcribe)",
      tags: ["models"],
      middleware: allowed,
      request: { params: z.object({ id: z.string().openapi({ description: "Name of the model." }) }) },
      responses: { 200: jsonAnswer("The model.", modelSchema), ...REFUSED, 404: failure("There is no such model.") },
    }),
    async (c) => {
      const { id } = c.req.valid("param");
      new ServedModels(await host.services()).engine(id);
      return c.json(describe(id), 200);
    },
  );
}
