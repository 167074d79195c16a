import { CloseCode } from "@stt/core";
import { describe, expect, it, vi } from "vitest";
import { RawSocket } from "../support/raw-socket.js";
import { childrenOf, isAlive, startServerProcess } from "../support/server-process.js";

describe("the server's process", { timeout: 60_000 }, () => {
  it("ends with code 0 after SIGTERM when nobody is there", async () => {
    const server = await startServerProcess();
    server.child.kill("SIGTERM");
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it("ends with code 0 by its deadline, telling who stayed to resume elsewhere", async () => {
    const server = await startServerProcess({ DRAIN_TIMEOUT: "1" });
    const socket = await RawSocket.start(server.url);
    server.child.kill("SIGTERM");
    await socket.next("goaway");
    expect((await fetch(`${server.http}/readyz`)).status).toBe(503);
    expect((await socket.ended()).code).toBe(CloseCode.SERVICE_RESTART);
    expect(await server.exited).toEqual({ code: 0, signal: null });
  });

  it.each([
    ["SIGTERM", "SIGTERM", 143],
    ["SIGTERM", "SIGINT", 130],
    ["SIGINT", "SIGINT", 130],
  ] as const)("that drains after %s ends at once after %s", async (first, second, code) => {
    const server = await startServerProcess({ DRAIN_TIMEOUT: "600" });
    const socket = await RawSocket.start(server.url);
    server.child.kill(first);
    await socket.next("goaway");
    server.child.kill(second);
    expect(await server.exited).toEqual({ code, signal: null });
  });

  it("leaves no inference process behind after a second signal", async () => {
    const server = await startServerProcess({ DRAIN_TIMEOUT: "600" });
    const workers = childrenOf(server.child.pid!);
    expect(workers.length).toBeGreaterThan(0);
    const socket = await RawSocket.start(server.url);
    server.child.kill("SIGTERM");
    await socket.next("goaway");
    server.child.kill("SIGTERM");
    await server.exited;
    await vi.waitFor(() => expect(workers.filter(isAlive)).toEqual([]), 10_000);
  });
});
