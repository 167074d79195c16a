import { ServedModels } from "../models/served-models.js";
import type { App, AppContext } from "./app.js";
import { requireScope } from "./require-scope.js";

/** `GET /v1/models` and `GET /v1/models/:id`, in OpenAI's shape. */
export function modelRoutes(app: App, { access, host }: AppContext): void {
  const created = Math.floor(Date.now() / 1000);
  const describe = (id: string) => ({ id, object: "model", created, owned_by: "stt-server" });

  app.get("/v1/models", requireScope(access, "transcribe"), async (c) => {
    const models = new ServedModels(await host.services());
    return c.json({ object: "list", data: models.names.map(describe) });
  });

  app.get("/v1/models/:id{.+}", requireScope(access, "transcribe"), async (c) => {
    const id = c.req.param("id");
    new ServedModels(await host.services()).engine(id);
    return c.json(describe(id));
  });
}
