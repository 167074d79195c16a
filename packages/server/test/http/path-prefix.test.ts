/** A proxy maps a path of its own to the server: pages, SDK, command line and OpenAI's clients work behind it. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createSttClient } from "@stt/client-node";
import { createConfig } from "@stt/core/config";
import { FakeEngine, FakeVad } from "@stt/core/testing";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { pathProxy } from "../support/path-proxy.js";
import { RawSocket } from "../support/raw-socket.js";
import { guardedServer, later } from "../support/secure-server.js";

const BUILT = fileURLToPath(new URL("../../dist/web/console/index.html", import.meta.url));

async function proxied(prefix: string, keeps: boolean): Promise<string> {
  const { ports } = await guardedServer(keeps ? { pathPrefix: prefix } : {}, {
    engine: new FakeEngine({ answers: "hello" }),
    vad: new FakeVad(),
  });
  const { url, close } = await pathProxy(prefix, ports.dataPort, keeps);
  later(close);
  return url;
}

describe.each([
  ["/stt", false],
  ["/a/b.c", false],
  ["/stt", true],
  ["/a/b.c", true],
])("behind %s (which the proxy leaves on: %s)", (prefix, keeps) => {
  it.runIf(existsSync(BUILT)).each(["/", "/console", "/console/", "/editor", "/editor/", "/editor?language=de"])(
    "the page at %s finds all of its files",
    async (path) => {
      const base = await proxied(prefix, keeps);
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
    const base = await proxied(prefix, keeps);
    for (const url of [base, `${base}/`, base.replace("http", "ws"), `${base}/v1/stream`]) {
      const client = createSttClient({ url, reconnect: { enabled: false } });
      later(() => client.close());
      await client.connect();
    }
  });

  it("OpenAI's client too", async () => {
    const client = new OpenAI({ apiKey: "none", baseURL: `${await proxied(prefix, keeps)}/v1`, maxRetries: 0 });
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
  });

  it("the document names the server beside it", async () => {
    const base = await proxied(prefix, keeps);
    const { servers } = (await (await fetch(`${base}/openapi.json`)).json()) as { servers: { url: string }[] };
    expect(new URL(servers[0]!.url, `${base}/openapi.json`).href).toBe(`${base}/`);
  });
});

describe("a prefix that the proxy leaves on", () => {
  it("is led to the slash behind it, and is no part of another word", async () => {
    const { http } = await guardedServer({ pathPrefix: "/a/stt" });
    const answer = await fetch(`${http}/a/stt?language=de`, { redirect: "manual" });
    expect(new URL(answer.headers.get("location")!, `${http}/a/stt`).href).toBe(`${http}/a/stt/?language=de`);
    expect((await fetch(`${http}/a/stt/healthz`)).status).toBe(200);
    expect((await fetch(`${http}/healthz`)).status).toBe(200);
    for (const path of ["/a/sttx/healthz", "/a/stthealthz", "/stt/healthz"])
      expect((await fetch(`${http}${path}`)).status, path).toBe(404);
  });

  it.each(["stt", "/stt?x", "//", "/a b"])("%j is no prefix", (pathPrefix) => {
    expect(() => createConfig({ pathPrefix })).toThrow();
  });
});

it("a slash at the end is no other path, of a route and of a WebSocket", async () => {
  const { http, url } = await guardedServer({}, { engine: new FakeEngine(), vad: new FakeVad() });
  for (const path of ["/healthz/", "/v1/models/", "/v1/load/", "/v1/models/whisper-1/"])
    expect((await fetch(`${http}${path}`)).status, path).toBe(200);
  const socket = await RawSocket.start(`${url}/`);
  socket.close();
});
