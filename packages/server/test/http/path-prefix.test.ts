/** A proxy maps a path of its own to the server: pages, SDK, command line and OpenAI's clients work behind it. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createSttClient } from "@stt/client-node";
import { FakeEngine, FakeVad } from "@stt/core/testing";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { pathProxy } from "../support/path-proxy.js";
import { RawSocket } from "../support/raw-socket.js";
import { guardedServer, later } from "../support/secure-server.js";

const BUILT = fileURLToPath(new URL("../../dist/web/console/index.html", import.meta.url));

async function proxied(prefix: string): Promise<string> {
  const { ports } = await guardedServer({}, { engine: new FakeEngine({ answers: "hello" }), vad: new FakeVad() });
  const { url, close } = await pathProxy(prefix, ports.dataPort);
  later(close);
  return url;
}

describe.each(["/stt", "/a/b.c"])("behind %s", (prefix) => {
  it.runIf(existsSync(BUILT)).each(["/", "/console", "/console/", "/editor", "/editor/", "/editor?language=de"])(
    "the page at %s finds all of its files",
    async (path) => {
      const base = await proxied(prefix);
      const page = await fetch(`${base}${path}`);
      expect(page.status).toBe(200);
      expect(new URL(page.url).pathname).toMatch(new RegExp(`^${prefix}/(console|editor)/$`));
      if (path.includes("?")) expect(page.url).toContain("language=de");
      const html = await page.text();
      const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, name]) => new URL(name!, page.url));
      expect(files.length).toBeGreaterThan(3);
      for (const file of files) expect((await fetch(file)).status, file.href).toBe(200);
    },
  );

  it("an SDK is given the address with the path", async () => {
    const base = await proxied(prefix);
    for (const url of [base, `${base}/`, base.replace("http", "ws"), `${base}/v1/stream`]) {
      const client = createSttClient({ url, reconnect: { enabled: false } });
      later(() => client.close());
      await client.connect();
    }
  });

  it("OpenAI's client too", async () => {
    const client = new OpenAI({ apiKey: "none", baseURL: `${await proxied(prefix)}/v1`, maxRetries: 0 });
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
  });

  it("the document names the server beside it", async () => {
    const base = await proxied(prefix);
    const { servers } = (await (await fetch(`${base}/openapi.json`)).json()) as { servers: { url: string }[] };
    expect(new URL(servers[0]!.url, `${base}/openapi.json`).href).toBe(`${base}/`);
  });
});

it("a slash at the end is no other path, of a route and of a WebSocket", async () => {
  const { http, url } = await guardedServer({}, { engine: new FakeEngine(), vad: new FakeVad() });
  for (const path of ["/healthz/", "/v1/models/", "/v1/load/", "/v1/models/whisper-1/"])
    expect((await fetch(`${http}${path}`)).status, path).toBe(200);
  const socket = await RawSocket.start(`${url}/`);
  socket.close();
});
