/** Whatever is added to the HTTP API: what the document says of credentials is what the server asks for. */
import { createConfig } from "@stt/core/config";
import { describe, expect, it } from "vitest";
import { createRoutes } from "../../src/http/app.js";
import type { AppContext } from "../../src/http/app-context.js";
import { openApiDocument } from "../../src/http/openapi.js";
import { guardedServer, KeyFile } from "../support/secure-server.js";

const context = { config: createConfig(), origins: { allows: () => true } } as unknown as AppContext;
const { paths } = openApiDocument(createRoutes(context));
const routes = Object.entries(paths ?? {}).flatMap(([path, item]) =>
  Object.entries(item as Record<string, { security?: unknown[]; summary: string }>).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path: path.replace(/\{\w+\}/g, "anything"),
    isOpen: operation.security?.length === 0,
    summary: operation.summary,
  })),
);

describe("every documented route", () => {
  it("asks for credentials unless it says that it is open, and for the scope, whatever is sent to it", async () => {
    const keys = await KeyFile.create();
    // Of a scope that opens one route.
    const meter = await keys.add("meter", { scopes: ["metrics"] });
    const { http } = await guardedServer({ apiKeysFile: keys.path });
    const status = async ({ method, path }: (typeof routes)[number], key?: string) => {
      const headers = key ? { authorization: `Bearer ${key}` } : {};
      const response = await fetch(`${http}${path}`, { method, headers, redirect: "manual" });
      await response.body?.cancel();
      return response.status;
    };
    expect(routes.filter(({ isOpen }) => !isOpen).length).toBeGreaterThan(10);
    for (const route of routes) {
      const where = `${route.method} ${route.path}`;
      if (route.isOpen) expect([401, 403], where).not.toContain(await status(route));
      else {
        expect(await status(route), where).toBe(401);
        expect(await status(route, "not-a-key-of-this-server-at-all--"), where).toBe(401);
        if (!route.summary.includes("scope metrics")) expect(await status(route, meter), where).toBe(403);
      }
    }
  });
});
