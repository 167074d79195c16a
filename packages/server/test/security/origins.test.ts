import { describe, expect, it } from "vitest";
import { OriginPolicy } from "../../src/security/origin-policy.js";
import { guardedServer, knock, MemoryLog } from "../support/secure-server.js";

const KEY = "0123456789abcdef0123456789abcdef";

/** A page whose WebSocket offers no subprotocol of ours is refused by HTTP, which a test can read. */
function from(url: string, origin: string) {
  return knock(url, { headers: { origin }, protocols: [] });
}

describe("a server without keys", () => {
  it("serves pages of this machine and no foreign ones", async () => {
    const log = new MemoryLog();
    const { url } = await guardedServer({}, { log });
    for (const origin of ["http://localhost:5173", "http://127.0.0.1:8011", "http://[::1]:3000"])
      expect(await from(url, origin)).toMatchObject({ status: 101 });
    for (const origin of ["https://evil.example.com", "null", "http://localhost.example.com", "nonsense"]) {
      expect(await from(url, origin)).toMatchObject({
        status: 403,
        code: "forbidden",
        message: expect.stringContaining("ALLOWED_ORIGINS"),
      });
    }
    expect(log.messages("info")).toContainEqual(expect.stringMatching(/refused: Pages of "https:\/\/evil/));
  });

  it("is not reached by a foreign name that points to this machine", async () => {
    const { ports } = await guardedServer();
    const headers = {
      origin: `http://rebound.example.com:${ports.dataPort}`,
      host: `rebound.example.com:${ports.dataPort}`,
    };
    expect(await knock(`ws://127.0.0.1:${ports.dataPort}/v1/stream`, { headers, protocols: [] })).toMatchObject({
      status: 403,
    });
  });
});

describe("ALLOWED_ORIGINS", () => {
  it("is who may come, by WebSocket and by CORS", async () => {
    const allowed = "https://app.example.org";
    const { url, http } = await guardedServer({ allowedOrigins: `${allowed}/, https://b.example.org` });
    expect(await from(url, allowed)).toMatchObject({ status: 101 });
    expect(await from(url, "http://localhost:5173")).toMatchObject({ status: 403 });
    const preflight = (origin: string) =>
      fetch(`${http}/v1/tokens`, {
        method: "OPTIONS",
        headers: {
          origin,
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,x-stainless-lang",
        },
      });
    const granted = (await preflight(allowed)).headers;
    expect(granted.get("access-control-allow-origin")).toBe(allowed);
    expect(granted.get("access-control-allow-headers")).toBe("authorization,x-stainless-lang");
    expect((await preflight("https://evil.example.com")).headers.get("access-control-allow-origin")).toBeNull();
    const post = await fetch(`${http}/v1/tokens`, { method: "POST", headers: { origin: "https://evil.example.com" } });
    expect(post.status).toBe(403);
  });

  it("holds beside keys too", async () => {
    const { url } = await guardedServer({ apiKeys: `app:${KEY}`, allowedOrigins: "https://app.example.org" });
    const withKey = (origin: string) =>
      knock(url, { headers: { origin, authorization: `Bearer ${KEY}` }, protocols: [] });
    expect(await withKey("https://app.example.org")).toMatchObject({ status: 101 });
    expect(await withKey("https://evil.example.com")).toMatchObject({ status: 403 });
  });

  it("may be everybody", async () => {
    const { url } = await guardedServer({ allowedOrigins: "*" });
    expect(await from(url, "https://anything.example.com")).toMatchObject({ status: 101 });
    expect(await from(url, "null")).toMatchObject({ status: 101 });
  });
});

describe("without a list", () => {
  const page = { origin: "https://stt.example.org", host: "stt.example.org" };

  it("a server that the network reaches serves its own pages", () => {
    const policy = new OriginPolicy({ allowed: [], keyed: false, loopback: false });
    expect(policy.allows(page)).toBe(true);
    expect(policy.allows({ ...page, host: "other.example.org" })).toBe(false);
    expect(policy.allows({ host: "stt.example.org" })).toBe(true);
  });

  it("a server with keys leaves it to the keys", () => {
    const policy = new OriginPolicy({ allowed: [], keyed: true, loopback: false });
    expect(policy.allows({ origin: "https://any.example.com", host: "stt.example.org" })).toBe(true);
  });
});
