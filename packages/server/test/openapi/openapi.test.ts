import { Validator } from "@seriousme/openapi-schema-validator";
import { createConfig } from "@stt/core/config";
import { describe, expect, it } from "vitest";
import { type AppContext, createRoutes } from "../../src/http/app.js";
import { openApiDocument } from "../../src/http/openapi.js";

/** Routes are told by their registration: nothing of the server is asked for. */
const context = { config: createConfig() } as unknown as AppContext;

describe("the OpenAPI document", () => {
  it("is valid", async () => {
    const result = await new Validator().validate(structuredClone(openApiDocument));
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
  });

  it("names every route, and no other", () => {
    const routes = createRoutes(context)
      .routes.filter(({ method, path }) => method !== "ALL" && !path.endsWith("*"))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, "{$1}")}`);
    const documented = Object.entries(openApiDocument.paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((key) => key !== "parameters")
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.toSorted()).toEqual([...new Set(routes)].toSorted());
  });

  it("is served", async () => {
    const answer = await createRoutes({ ...context, origins: { allows: () => true } } as unknown as AppContext).request(
      "/openapi.json",
    );
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(openApiDocument)));
  });
});
