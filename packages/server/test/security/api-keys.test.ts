import { CloseCode } from "@stt/core";
import { describe, expect, it } from "vitest";
import { newApiKey } from "../../src/security/api-key.js";
import { RawSocket } from "../support/raw-socket.js";
import { bearer, guardedServer, KeyFile, knock, later, MemoryLog } from "../support/secure-server.js";

async function keyedServer() {
  const file = await KeyFile.create();
  const key = await file.add("app");
  const log = new MemoryLog();
  return { file, key, log, ...(await guardedServer({ apiKeysFile: file.path }, { log })) };
}

async function startWith(url: string, key: string): Promise<RawSocket> {
  const socket = await RawSocket.start(url, {}, { headers: bearer(key) });
  later(() => socket.close());
  return socket;
}

describe("a server with a key", () => {
  it("refuses who shows none, before the upgrade and on routes, and says what it wants", async () => {
    const { url, http } = await keyedServer();
    expect(await knock(url)).toMatchObject({ status: 401, code: "unauthorized" });
    const page = await fetch(`${http}/v1/tokens`, { method: "POST" });
    expect([page.status, page.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect(await page.json()).toMatchObject({ error: { code: "unauthorized" } });
  });

  it.each([
    ["another key", newApiKey()],
    ["the start of the key", ""],
    ["a word", "password"],
    ["far too much", "x".repeat(5000)],
    ["something like a token", "a.b.c"],
  ])("refuses %s", async (_, wrong) => {
    const { url, key } = await keyedServer();
    expect(await knock(url, { headers: bearer(wrong || key.slice(0, -1)) })).toMatchObject({ status: 401 });
  });

  it("does not take the key from the URL", async () => {
    const { url, key } = await keyedServer();
    for (const name of ["token", "key", "api_key", "access_token"])
      expect(await knock(`${url}?${name}=${key}`)).toMatchObject({ status: 401 });
  });

  it("takes it as a header, and as a subprotocol that it does not echo", async () => {
    const { url, key } = await keyedServer();
    expect(await knock(url, { headers: bearer(key) })).toEqual({ status: 101, protocol: "stt.v1" });
    const protocols = ["stt.v1", `stt.bearer.${key}`];
    expect(await knock(url, { protocols })).toEqual({ status: 101, protocol: "stt.v1" });
  });

  it("keeps its health open", async () => {
    const { http } = await keyedServer();
    expect((await fetch(`${http}/healthz`)).status).toBe(200);
    expect((await fetch(`${http}/readyz`)).status).toBe(200);
  });

  it("lets a key do only what its scopes say", async () => {
    const { url, http, file } = await keyedServer();
    const admin = await file.add("operator", { scopes: ["admin"] });
    await expect.poll(() => knock(url, { headers: bearer(admin) })).toMatchObject({ status: 403, code: "forbidden" });
    const page = await fetch(`${http}/v1/tokens`, { method: "POST", headers: bearer(admin) });
    expect(page.status).toBe(403);
  });

  it("lets a key in only from its own pages", async () => {
    const { url, file } = await keyedServer();
    const origin = "https://app.example.org";
    const key = await file.add("page", { origins: [origin] });
    // Without the subprotocol a page is refused by HTTP too.
    const from = (headers: object) => knock(url, { headers: { ...bearer(key), ...headers }, protocols: [] });
    await expect.poll(() => from({ origin })).toMatchObject({ status: 101 });
    expect(await from({ origin: "https://evil.example.com" })).toMatchObject({ status: 403 });
    expect(await from({})).toMatchObject({ status: 403 });
  });
});

describe("keys of the environment", () => {
  it("let in, with the admin scope only where it is asked for", async () => {
    const key = newApiKey();
    const { url } = await guardedServer({ apiKeys: `app:${key}, ops:${newApiKey()}:admin` });
    expect(await knock(url)).toMatchObject({ status: 401 });
    expect(await knock(url, { headers: bearer(key) })).toMatchObject({ status: 101 });
  });

  it("are refused when they are easy to guess, without being shown", async () => {
    const error = await guardedServer({ apiKeys: "app:secret" }).catch((reason) => reason);
    expect(error).toMatchObject({ code: "invalid_config", message: expect.stringContaining("API_KEYS") });
    expect(error.message).not.toContain("app:secret");
  });
});

describe("a change of the key file", () => {
  it("lets a new key in without a restart", async () => {
    const { url, file } = await keyedServer();
    const key = await file.add("late");
    await expect.poll(() => knock(url, { headers: bearer(key) })).toMatchObject({ status: 101 });
  });

  it("ends the sessions of a revoked key, and no others", async () => {
    const { url, file, key } = await keyedServer();
    const other = await file.add("other");
    await expect.poll(() => knock(url, { headers: bearer(other) })).toMatchObject({ status: 101 });
    const bystander = await startWith(url, other);
    const session = await startWith(url, key);
    await file.revoke("app");
    expect((await session.ended()).code).toBe(CloseCode.UNAUTHORIZED);
    expect(await session.next("error")).toMatchObject({ code: "unauthorized", fatal: true });
    expect(await knock(url, { headers: bearer(key) })).toMatchObject({ status: 401 });
    bystander.json({ type: "ping", id: 1 });
    await bystander.next("pong");
    expect(bystander.closed).toBeUndefined();
  });

  it("ends the sessions of a key that may do less now", async () => {
    const { url, file } = await keyedServer();
    const key = await file.add("operator", { scopes: ["transcribe", "admin"] });
    await expect.poll(() => knock(url, { headers: bearer(key) })).toMatchObject({ status: 101 });
    const session = await startWith(url, key);
    await file.change("operator", { scopes: ["transcribe"] });
    expect((await session.ended()).code).toBe(CloseCode.UNAUTHORIZED);
    expect(await knock(url, { headers: bearer(key) })).toMatchObject({ status: 101 });
  });

  it("to something broken changes nothing but the log", async () => {
    const { url, file, key, log, server } = await keyedServer();
    const session = await startWith(url, key);
    await file.break();
    await expect.poll(() => log.messages("error")).toEqual([expect.stringMatching(/not JSON.*stay in force/)]);
    await server.reload();
    expect(await knock(url, { headers: bearer(key) })).toMatchObject({ status: 101 });
    expect(session.closed).toBeUndefined();
  });
});

describe("a key file that cannot be used at the start", () => {
  it("keeps the server from starting, and names the file", async () => {
    const error = await guardedServer({ apiKeysFile: "/nowhere/keys.json" }).catch((reason) => reason);
    expect(error).toMatchObject({
      code: "io_error",
      message: expect.stringMatching(/\/nowhere\/keys\.json.*keys add/),
    });
  });
});
