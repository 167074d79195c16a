/** What a running session hears that asks for the end-of-turn model. */
import { FakeEngine, FakeVad } from "@stt/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { RawSocket } from "../support/raw-socket.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

let target: TestServer;
beforeAll(async () => {
  target = await createTestServer({}, { engine: new FakeEngine(), vad: new FakeVad() });
});
afterAll(() => target.server.close());

it("is told that silence goes on to decide where the model does not know the language, and of nothing where it does", async () => {
  const socket = await RawSocket.start(target.url);
  const endpointing = { endOfTurn: "model" };
  socket.json({ type: "update", language: "en", endpointing });
  socket.json({ type: "ping", id: 1 });
  await socket.next("pong");
  expect(socket.messages.filter(({ type }) => type === "warning" || type === "error")).toEqual([]);
  socket.json({ type: "update", language: "el", endpointing });
  expect(await socket.next("warning")).toEqual({
    type: "warning",
    code: "no_end_of_turn_model",
    message: expect.stringMatching(/^Silence goes on to end turns/),
  });
  socket.close();
});
