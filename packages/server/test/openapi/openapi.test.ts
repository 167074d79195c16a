import { fileURLToPath } from "node:url";
import { Validator } from "@seriousme/openapi-schema-validator";
import { createConfig } from "@stt/core/config";
import { Ajv2020 } from "ajv/dist/2020.js";
import openapiTS, { astToString } from "openapi-typescript";
import { describe, expect, it } from "vitest";
import { createRoutes } from "../../src/http/app.js";
import type { AppContext } from "../../src/http/app-context.js";
import { openApiDocument } from "../../src/http/openapi.js";
import { guardedServer } from "../support/secure-server.js";

const CONSOLE_TYPES = fileURLToPath(new URL("../../../console/src/server-types.ts", import.meta.url));
const METHODS = ["get", "post", "put", "patch", "delete"];

/** Routes are told by their registration: nothing of the server is asked for. */
const context = { config: createConfig(), origins: { allows: () => true } } as unknown as AppContext;
const app = createRoutes(context);
// As a reader of the document gets it.
const document = JSON.parse(JSON.stringify(openApiDocument(app)));

type Json = Record<string, unknown>;

/** Every part of the document with its path in it. */
function* partsOf(value: unknown, path: string[] = []): Generator<[path: string[], part: Json]> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield [path, value as Json];
  for (const [key, inner] of Object.entries(value)) yield* partsOf(inner, [...path, key]);
}

function validatorOf(schema: unknown) {
  const ajv = new Ajv2020({ strict: false, formats: { "date-time": true, binary: true, int32: true, int64: true } });
  return ajv.compile({ ...(schema as Json), components: document.components });
}

describe("the OpenAPI document", () => {
  it("is valid", async () => {
    const result = await new Validator().validate(structuredClone(document));
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
  });

  it("names every route, and no other", () => {
    const routes = app.routes
      .filter(({ method, path }) => method !== "ALL" && !path.endsWith("*"))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{[^}]*\})?/g, "{$1}")}`);
    const documented = Object.entries(document.paths as Record<string, object>).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((key) => METHODS.includes(key))
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(documented.toSorted()).toEqual([...new Set(routes)].toSorted());
  });

  it("says of every operation what it does, how it ends and what it is refused with", () => {
    for (const [path, item] of Object.entries(document.paths as Record<string, Record<string, Json>>)) {
      for (const [method, { summary, responses, security }] of Object.entries(item)) {
        const where = `${method} ${path}`;
        expect(summary, where).toMatch(/\w/);
        expect(
          Object.keys(responses as Json).some((status) => /^[23]/.test(status)),
          where,
        ).toBe(true);
        if (!security) expect(Object.keys(responses as Json), where).toEqual(expect.arrayContaining(["401", "403"]));
      }
    }
  });

  it("gives examples that are valid by their own schemas", () => {
    const examples = [...partsOf(document)].filter(([path, part]) => "example" in part && path.at(-1) !== "properties");
    expect(examples.length).toBeGreaterThan(10);
    for (const [path, { example, ...schema }] of examples) {
      const validate = validatorOf(schema);
      expect(validate(example), `${path.join("/")}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
  });

  it("is served", async () => {
    const { http } = await guardedServer();
    const answer = await fetch(`${http}/openapi.json`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(document);
  });

  it("describes what a server answers, and nothing is answered that it does not describe", async () => {
    const { http } = await guardedServer();
    const paths = Object.entries(document.paths as Record<string, Record<string, Json>>);
    const plain = paths.filter(([path, { get }]) => get && !path.includes("{") && path !== "/openapi.json");
    let checked = 0;
    for (const [path, { get }] of plain) {
      const responses = get!.responses as Record<string, { content?: Record<string, { schema: Json }> }>;
      const schema = responses[200]?.content?.["application/json"]?.schema;
      if (!schema) continue;
      const answer = await (await fetch(`${http}${path}`)).json();
      const validate = validatorOf(schema);
      expect(validate(answer), `${path}: ${JSON.stringify(validate.errors)}`).toBe(true);
      expect(undescribed(answer, schema), path).toEqual([]);
      checked += 1;
    }
    expect(checked).toBeGreaterThan(7);
  });
});

/** Keys of a value that its schema does not name. */
function undescribed(value: unknown, schema: Json | undefined, path = ""): string[] {
  const reference = schema?.$ref as string | undefined;
  if (reference) return undescribed(value, document.components.schemas[reference.split("/").at(-1)!], path);
  if (Array.isArray(value)) return value.flatMap((each) => undescribed(each, schema?.items as Json, `${path}[]`));
  if (typeof value !== "object" || value === null || !schema) return [];
  const properties = (schema.properties ?? {}) as Record<string, Json>;
  return Object.entries(value).flatMap(([key, inner]) => {
    if (Object.hasOwn(properties, key)) return undescribed(inner, properties[key], `${path}.${key}`);
    return schema.additionalProperties ? [] : [`${path}.${key}`];
  });
}

it("the console's types are those of the document: npx vitest run packages/server/test/openapi -u writes them", async () => {
  const { components, ...rest } = document;
  const schemas = structuredClone({ ...rest, paths: {}, components: { schemas: components.schemas } });
  const types = astToString(await openapiTS(schemas, { rootTypes: true, rootTypesNoSchemaPrefix: true }));
  const text = `// Made from the server's schemas by packages/server/test/openapi: do not edit by hand.\n${types}`;
  await expect(text).toMatchFileSnapshot(CONSOLE_TYPES);
});
