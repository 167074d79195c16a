import { CloseCode } from "@stt/core";
import { describe, expect, it } from "vitest";
import { RawSocket } from "../support/raw-socket.js";
import { bearer, guardedServer, KeyFile, knock, later } from "../support/secure-server.js";

const START = { language: "en" };

async function session(url: string, headers: Record<string, string>, options: object = START) {
  const socket = await RawSocket.start(url, options, { headers });
  later(() => socket.close());
  return { socket, id: (await socket.next("ready")).sessionId };
}

const resumeOf = (sessionId: string) => ({ ...START, resume: { sessionId, fromSample: 0, nextUtterance: 0 } });

async function twoKeys() {
  const file = await KeyFile.create();
  const owner = bearer(await file.add("owner", { limits: { sessions: 1 } }));
  const stranger = bearer(await file.add("stranger"));
  return { owner, stranger, ...(await guardedServer({ apiKeysFile: file.path, maxSessions: 1 })) };
}

describe("a client that comes back while its dead connection still holds the last place", () => {
  it("gets the place", async () => {
    const { url, owner, server } = await twoKeys();
    const before = await session(url, owner);
    expect(await knock(url, { headers: owner })).toMatchObject({ status: 503 });
    const protocols = ["stt.v1", `stt.resume.${before.id}`];
    expect(await knock(url, { headers: owner, protocols })).toMatchObject({ status: 101, protocol: "stt.v1" });
    expect((await before.socket.ended()).code).toBe(CloseCode.LIMIT_REACHED);
    expect(server.sessions).toBe(0);
  });

  it("gets its session back by its start message, too", async () => {
    const { url } = await guardedServer();
    const before = await session(url, {});
    const after = await session(url, {}, resumeOf(before.id));
    expect(after.id).toBe(before.id);
    expect((await before.socket.ended()).code).toBe(CloseCode.LIMIT_REACHED);
  });
});

describe("somebody else who names the session", () => {
  it("does not get its place", async () => {
    const { url, owner, stranger, server } = await twoKeys();
    const before = await session(url, owner);
    const protocols = ["stt.v1", `stt.resume.${before.id}`];
    expect(await knock(url, { headers: stranger, protocols })).toMatchObject({ status: 503 });
    expect(server.sessions).toBe(1);
    expect(before.socket.closed).toBeUndefined();
  });

  it("gets a session of another name, and the owner goes on", async () => {
    const file = await KeyFile.create();
    const [owner, stranger] = [bearer(await file.add("owner")), bearer(await file.add("stranger"))];
    const { url, server } = await guardedServer({ apiKeysFile: file.path });
    const before = await session(url, owner);
    const thief = await session(url, stranger, resumeOf(before.id));
    expect(thief.id).not.toBe(before.id);
    before.socket.json({ type: "ping", id: 7 });
    await before.socket.next("pong");
    expect(server.sessions).toBe(2);
  });

  it("does not without keys either, when it comes from another address", async () => {
    const { url, server } = await guardedServer({ trustedProxies: "127.0.0.1" });
    const from = (address: string) => ({ "x-forwarded-for": address });
    const before = await session(url, from("192.0.2.1"));
    const thief = await session(url, from("192.0.2.2"), resumeOf(before.id));
    expect(thief.id).not.toBe(before.id);
    expect(server.sessions).toBe(2);
    const back = await session(url, from("192.0.2.1"), resumeOf(before.id));
    expect(back.id).toBe(before.id);
    expect(server.sessions).toBe(2);
  });
});
