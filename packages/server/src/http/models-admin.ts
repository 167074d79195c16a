import { SttError } from "@stt/core";
import * as z from "zod";
import type { App, AppContext } from "./app.js";
import { requireScope } from "./require-scope.js";

const choiceSchema = z
  .strictObject({ final: z.string().min(1).max(4096).optional(), partial: z.string().min(1).max(4096).optional() })
  .refine(({ final, partial }) => final !== undefined || partial !== undefined);

/** Fetching and switching models, for operators; must come before the routes that take any name. */
export function modelAdminRoutes(app: App, { access, operations }: AppContext): void {
  const admin = requireScope(access, "admin");

  app.get("/v1/models/catalog", admin, async (c) => c.json(await operations.catalog()));

  app.get("/v1/models/active", admin, (c) => c.json(operations.activeModels()));

  app.put("/v1/models/active", admin, async (c) => {
    const choice = choiceSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!choice.success) {
      throw new SttError(
        "invalid_argument",
        'Send JSON with the models to use from now on: {"final": "medium", "partial": "tiny"}, one or both.',
      );
    }
    const { final, partial } = choice.data;
    return c.json(
      await operations.switchModel(
        { ...(final === undefined ? {} : { final }), ...(partial === undefined ? {} : { partial }) },
        c.var.principal.name,
      ),
    );
  });

  app.post("/v1/models/:name/pull", admin, (c) =>
    c.json(operations.pullModel(c.req.param("name"), c.var.principal.name), 202),
  );
  app.get("/v1/models/:name/pull", admin, (c) => c.json(operations.modelPull(c.req.param("name"))));
  app.delete("/v1/models/:name/pull", admin, async (c) => {
    await operations.cancelModelPull(c.req.param("name"), c.var.principal.name);
    return c.body(null, 204);
  });
}
