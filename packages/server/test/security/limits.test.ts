import { CloseCode, encodeAudioFrame } from "@stt/core";
import { FakeClock } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { TrustedProxies } from "../../src/security/trusted-proxies.js";
import { UsageLedger } from "../../src/security/usage.js";
import { RawSocket } from "../support/raw-socket.js";
import { bearer, guardedServer, KeyFile, knock, later, MemoryLog } from "../support/secure-server.js";

async function limitedServer(
  limits: { sessions?: number; requestsPerMinute?: number; audioMinutesPerDay?: number },
  config: Parameters<typeof guardedServer>[0] = {},
) {
  const file = await KeyFile.create();
  const headers = bearer(await file.add("limited", { limits }));
  const others = bearer(await file.add("other"));
  return { headers, others, ...(await guardedServer({ apiKeysFile: file.path, ...config })) };
}

async function startAs(url: string, headers: Record<string, string>): Promise<RawSocket> {
  const socket = await RawSocket.start(url, {}, { headers });
  later(() => socket.close());
  return socket;
}

/** Seconds of silence from a sample on. */
function silence(seconds: number, fromSample = 0): Uint8Array {
  return encodeAudioFrame(fromSample, new Uint8Array(seconds * 32_000));
}

describe("a key", () => {
  it("has so many sessions at once; a place that is given back can be taken again", async () => {
    const { url, headers, others } = await limitedServer({ sessions: 1 });
    const first = await startAs(url, headers);
    expect(await knock(url, { headers })).toMatchObject({
      status: 429,
      code: "rate_limited",
      retryAfter: "5",
      message: expect.stringContaining('"limited" has all its sessions open (1)'),
    });
    expect(await knock(url, { headers: others })).toMatchObject({ status: 101 });
    first.close();
    await expect.poll(() => knock(url, { headers })).toMatchObject({ status: 101 });
  });

  it("has so many requests a minute, upgrades and routes together", async () => {
    const { url, http, headers, others } = await limitedServer({ requestsPerMinute: 3 });
    const page = () => fetch(`${http}/v1/tokens`, { method: "POST", headers });
    for (let i = 0; i < 2; i++) expect((await page()).status).toBe(201);
    expect(await knock(url, { headers })).toMatchObject({ status: 101 });
    const refused = await page();
    expect(refused.status).toBe(429);
    const waitS = Number(refused.headers.get("retry-after"));
    expect(waitS).toBeGreaterThan(0);
    expect(waitS).toBeLessThanOrEqual(20);
    expect(await knock(url, { headers })).toMatchObject({ status: 429 });
    expect(await knock(url, { headers: others })).toMatchObject({ status: 101 });
  });

  it("has so much audio a day: the session that uses it up ends, and none follows", async () => {
    const { url, headers, others } = await limitedServer({ audioMinutesPerDay: 0.05 });
    const bystander = await startAs(url, others);
    const session = await startAs(url, headers);
    for (let second = 0; second < 5; second++) session.binary(silence(1, second * 16_000));
    expect((await session.ended()).code).toBe(CloseCode.LIMIT_REACHED);
    expect(await session.next("error")).toMatchObject({ code: "rate_limited", fatal: true });
    const refusal = await knock(url, { headers });
    expect(refusal).toMatchObject({ status: 429, message: expect.stringContaining("0.05 min") });
    expect(Number(refusal.retryAfter)).toBeGreaterThan(0);
    expect(bystander.closed).toBeUndefined();
  });

  it("pays for audio too that came just before the end", async () => {
    const { url, headers } = await limitedServer({ audioMinutesPerDay: 0.005 });
    const session = await startAs(url, headers);
    session.binary(silence(0.5));
    session.socket.close();
    await expect.poll(() => knock(url, { headers })).toMatchObject({ status: 429 });
  });

  it("goes by the variables where it has no limit of its own", async () => {
    const { url, others } = await limitedServer({}, { keyMaxSessions: 1 });
    await startAs(url, others);
    expect(await knock(url, { headers: others })).toMatchObject({ status: 429 });
  });
});

describe("an address", () => {
  const from = (address: string) => ({ "x-forwarded-for": address });

  it("has so many sessions at once, and a trusted proxy speaks for its clients", async () => {
    const { url } = await guardedServer({ maxSessionsPerAddress: 1, trustedProxies: "127.0.0.0/8" });
    await startAs(url, from("203.0.113.7"));
    expect(await knock(url, { headers: from("203.0.113.7") })).toMatchObject({
      status: 429,
      message: expect.stringContaining("203.0.113.7"),
    });
    // What the client wrote itself stands further left.
    expect(await knock(url, { headers: from("198.51.100.1, 203.0.113.7") })).toMatchObject({ status: 429 });
    expect(await knock(url, { headers: from("203.0.113.8") })).toMatchObject({ status: 101 });
  });

  it("is not what a stranger writes into a header", () => {
    const proxies = new TrustedProxies(["10.0.0.0/8", "2001:db8::1"]);
    const headers = from("1.2.3.4");
    expect(proxies.clientOf("192.0.2.1", headers)).toBe("192.0.2.1");
    expect(proxies.clientOf("10.1.2.3", headers)).toBe("1.2.3.4");
    expect(proxies.clientOf("::ffff:10.1.2.3", headers)).toBe("1.2.3.4");
    expect(proxies.clientOf("2001:db8::1", headers)).toBe("1.2.3.4");
    expect(proxies.clientOf("10.1.2.3", from("9.9.9.9, 1.2.3.4, 10.9.9.9"))).toBe("1.2.3.4");
    expect(proxies.clientOf("10.1.2.3", from("1.2.3.4, nonsense"))).toBe("10.1.2.3");
    expect(new TrustedProxies([]).clientOf("10.1.2.3", headers)).toBe("10.1.2.3");
  });
});

describe("the server", () => {
  it("has so many connections, and drops the next", async () => {
    const log = new MemoryLog();
    const { url } = await guardedServer({ maxConnections: 2 }, { log });
    const open = [await RawSocket.open(url), await RawSocket.open(url)];
    for (const socket of open) later(() => socket.close());
    await expect(knock(url)).rejects.toThrow();
    expect(log.messages("warn")).toContainEqual(expect.stringContaining("MAX_CONNECTIONS"));
    open[0]!.close();
    await expect.poll(() => knock(url).catch(() => undefined)).toMatchObject({ status: 101 });
  });

  it("ends a connection that chatters", async () => {
    const { url } = await guardedServer({ maxMessagesPerSecond: 1 });
    const socket = await RawSocket.start(url);
    later(() => socket.close());
    for (let id = 0; id < 30; id++) socket.json({ type: "ping", id });
    expect((await socket.ended()).code).toBe(CloseCode.LIMIT_REACHED);
    expect(await socket.next("error")).toMatchObject({
      code: "rate_limited",
      message: expect.stringContaining("MAX_MESSAGES_PER_SECOND"),
    });
    // The start was the first of a burst of ten.
    expect(socket.messages.filter(({ type }) => type === "pong")).toHaveLength(9);
  });
});

describe("what is remembered of names", () => {
  const limits = { sessions: 0, requestsPerMinute: 0, audioMinutesPerDay: 1 };

  it("is bounded: the least recently used goes first, but none with an open session", () => {
    const ledger = new UsageLedger(new FakeClock(), { maxNames: 3 });
    const busy = ledger.of("busy", limits);
    busy.openSession();
    ledger.of("old", limits).addAudio(60_000);
    ledger.of("recent", limits).addAudio(60_000);
    ledger.of("new", limits);
    expect(ledger.size).toBe(3);
    expect(ledger.of("busy", limits)).toBe(busy);
    expect(ledger.addAudio("recent", 0)).toBeDefined();
    expect(ledger.addAudio("old", 0)).toBeUndefined();
  });

  it("starts anew with the day, in UTC", () => {
    let now = Date.parse("2026-01-01T23:59:00Z");
    const usage = new UsageLedger(new FakeClock(), { dateNow: () => now }).of("app", limits);
    usage.addAudio(60_000);
    expect(usage.audioLimitError()).toMatchObject({ retryAfterMs: 60_000 });
    now += 60_000;
    expect(usage.audioLimitError()).toBeUndefined();
  });
});
