import { CloseCode } from "@stt/core";
import { UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { TokenSigner } from "../../src/security/token-signer.js";
import { RawSocket } from "../support/raw-socket.js";
import { bearer, guardedServer, KeyFile, knock, later } from "../support/secure-server.js";

const SECRET = "a-secret-that-a-whole-fleet-shares";

async function mintingServer(config: Parameters<typeof guardedServer>[0] = {}) {
  const file = await KeyFile.create();
  const key = await file.add("app");
  const target = await guardedServer({ apiKeysFile: file.path, tokenSecret: SECRET, ...config });
  const ask = (body: object | string = {}, shown = key) =>
    fetch(`${target.http}/v1/tokens`, {
      method: "POST",
      headers: bearer(shown),
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const mint = async (body: object = {}): Promise<string> => {
    const answer = await ask(body);
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { token: string }).token;
  };
  return { file, key, ask, mint, ...target };
}

function asPage(url: string, token: string, origin?: string) {
  return knock(url, { protocols: ["stt.v1", `stt.bearer.${token}`], headers: origin ? { origin } : {} });
}

async function startWith(url: string, token: string): Promise<RawSocket> {
  const socket = await RawSocket.start(url, {}, { headers: bearer(token) });
  later(() => socket.close());
  return socket;
}

describe("a token", () => {
  it("opens a session by the subprotocol, which is not echoed", async () => {
    const { url, ask } = await mintingServer();
    const before = Date.now();
    const answer = await ask({ ttlSeconds: 60 });
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([201, "no-store"]);
    const { token, expiresAt } = (await answer.json()) as { token: string; expiresAt: string };
    // All that RFC 6455 allows in the name of a subprotocol.
    expect(token).toMatch(/^[\w.-]+$/);
    expect(Date.parse(expiresAt)).toBeGreaterThanOrEqual(before + 59_000);
    expect(Date.parse(expiresAt)).toBeLessThanOrEqual(Date.now() + 60_000);
    expect(await asPage(url, token)).toEqual({ status: 101, protocol: "stt.v1" });
  });

  it("can do nothing but transcribe, and makes no tokens", async () => {
    const { ask, mint } = await mintingServer();
    const answer = await ask({}, await mint());
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ error: { code: "forbidden" } });
  });

  it("that has expired is refused", async () => {
    const { url, mint } = await mintingServer();
    const token = await mint({ ttlSeconds: 1 });
    await expect
      .poll(() => knock(url, { headers: bearer(token) }), { timeout: 5000 })
      .toMatchObject({
        status: 401,
        message: expect.stringContaining("expired"),
      });
  });

  it("that expires in mid-session ends it, after a warning", async () => {
    const { url, mint } = await mintingServer();
    const session = await startWith(url, await mint({ ttlSeconds: 2 }));
    const { code } = await session.ended();
    expect(code).toBe(CloseCode.UNAUTHORIZED);
    const told = session.messages.filter(({ type }) => type === "warning" || type === "error");
    expect(told).toMatchObject([
      { type: "warning", code: "token_expiring" },
      { type: "error", code: "unauthorized", fatal: true },
    ]);
  });

  it("is for the pages of its origin only", async () => {
    const { url, mint } = await mintingServer();
    const token = await mint({ origin: "https://app.example.org" });
    expect(await asPage(url, token, "https://app.example.org")).toMatchObject({ status: 101 });
    expect(await knock(url, { headers: bearer(token) })).toMatchObject({ status: 403 });
    const foreign = { ...bearer(token), origin: "https://evil.example.com" };
    expect(await knock(url, { headers: foreign, protocols: [] })).toMatchObject({ status: 403, code: "forbidden" });
  });

  it("for one session gives way to its newer connection", async () => {
    const { url, mint } = await mintingServer();
    const token = await mint({ singleSession: true });
    const first = await startWith(url, token);
    const second = await startWith(url, token);
    expect((await first.ended()).code).toBe(CloseCode.LIMIT_REACHED);
    second.json({ type: "ping", id: 1 });
    await second.next("pong");
  });

  it("goes with its key, also in mid-session, and does not come back with another key of that name", async () => {
    const { url, mint, file } = await mintingServer();
    const token = await mint();
    const session = await startWith(url, token);
    await file.add("app");
    expect((await session.ended()).code).toBe(CloseCode.UNAUTHORIZED);
    expect(await knock(url, { headers: bearer(token) })).toMatchObject({ status: 401 });
  });
});

describe("in a fleet", () => {
  it("a token is taken by every server with the same secret, and by no other", async () => {
    const { mint, file } = await mintingServer();
    const headers = bearer(await mint());
    const samePlusKeys = await guardedServer({ tokenSecret: SECRET, apiKeysFile: file.path });
    expect(await knock(samePlusKeys.url, { headers })).toMatchObject({ status: 101 });
    const secretOnly = await guardedServer({ tokenSecret: SECRET });
    expect(await knock(secretOnly.url, { headers })).toMatchObject({ status: 101 });
    const otherSecret = await guardedServer({ tokenSecret: `${SECRET}!`, apiKeysFile: file.path });
    expect(await knock(otherSecret.url, { headers })).toMatchObject({ status: 401 });
  });
});

describe("a forged token", () => {
  it.each([
    ["without a signature", async () => new UnsecuredJWT({ sub: "app", jti: "1" }).setExpirationTime("1h").encode()],
    ["signed by somebody else", async () => new TokenSigner("").sign({ name: "app" }, 60_000)],
    [
      "with the right signature and no key behind it",
      async () => new TokenSigner(SECRET).sign({ name: "app" }, 60_000),
    ],
  ])("%s is refused", async (_, forge) => {
    const { url } = await mintingServer();
    expect(await knock(url, { headers: bearer(await forge()) })).toMatchObject({ status: 401 });
  });
});

describe("POST /v1/tokens", () => {
  it("bounds the life it gives", async () => {
    const { ask } = await mintingServer({ tokenMaxTtlMs: 60_000 });
    const answer = await ask({ ttlSeconds: 61 });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining("TOKEN_MAX_TTL") } });
    expect((await ask({ ttlSeconds: 60 })).status).toBe(201);
  });

  it.each([
    ["not JSON", "{", 400],
    ["an unknown field", { scopes: ["admin"] }, 400],
    ["an origin that is none", { origin: "app" }, 400],
    ["a life of nothing", { ttlSeconds: 0 }, 400],
    ["far too much", "x".repeat(10_000), 413],
  ])("refuses %s", async (_, body, status) => {
    const { ask } = await mintingServer();
    expect((await ask(body)).status).toBe(status);
  });

  it("takes no body at all for the defaults", async () => {
    const { ask } = await mintingServer();
    expect((await ask("")).status).toBe(201);
  });
});
