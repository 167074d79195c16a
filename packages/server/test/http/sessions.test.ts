import { FakeEngine, FakeVad } from "@stt/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SessionSummary } from "../../src/session/session-record.js";
import { RawSocket } from "../support/raw-socket.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

let target: TestServer;

beforeAll(async () => {
  target = await createTestServer({}, { engine: new FakeEngine(), vad: new FakeVad() });
});

afterAll(async () => {
  await target.server.close();
});

async function list(): Promise<SessionSummary[]> {
  const answer = await fetch(`${target.http}/v1/sessions`);
  return ((await answer.json()) as { sessions: SessionSummary[] }).sessions;
}

describe("the sessions over REST", () => {
  it("are listed, and one is ended while the others go on", async () => {
    const one = await RawSocket.start(target.url, { language: "de" });
    const two = await RawSocket.start(target.url);
    const { sessionId } = await one.next("ready");
    expect(await list()).toMatchObject([
      { id: sessionId, wire: "stream", language: "de", speaking: false },
      { wire: "stream", language: "auto" },
    ]);

    const ended = await fetch(`${target.http}/v1/sessions/${sessionId}`, { method: "DELETE" });
    expect(ended.status).toBe(204);
    await one.next("end");
    expect((await one.ended()).code).toBe(1000);
    expect(two.closed).toBeUndefined();
    expect(await list()).toHaveLength(1);
    two.close();
  });

  it("that do not exist are named in a 404", async () => {
    const answer = await fetch(`${target.http}/v1/sessions/nobody`, { method: "DELETE" });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: { code: "not_found", message: expect.stringContaining("nobody") },
    });
  });
});
