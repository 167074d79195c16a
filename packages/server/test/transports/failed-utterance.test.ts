import { readFileSync } from "node:fs";
import { encodeAudioFrame, encodePcm, SttError } from "@stt/core";
import { FakeEngine, FakeVad, toneSamples } from "@stt/core/testing";
import { afterEach, expect, it } from "vitest";
import { RealtimeSocket } from "../openai-realtime/realtime-socket.js";
import { RawSocket } from "../support/raw-socket.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

let target: TestServer | undefined;
afterEach(() => target?.server.close());

const PROTOCOL = readFileSync(new URL("../../../../docs/protocol.md", import.meta.url), "utf8");

const FAILURES: [what: string, failure: Error, code: string][] = [
  [
    "an argument that the model does not take",
    new SttError("invalid_argument", "No such language."),
    "invalid_argument",
  ],
  ["a failed decode", new SttError("engine_failed", "Out of memory."), "engine_failed"],
  ["a fault of the engine's own", new TypeError("x is not a function"), "engine_failed"],
];

async function serve(failure: Error): Promise<TestServer> {
  // The server's own first decode is not to fail.
  let failing = false;
  const engine = new FakeEngine({ answers: () => (failing ? failure : "warm") });
  target = await createTestServer({ hallucinationFilter: false }, { engine, vad: new FakeVad() });
  failing = true;
  return target;
}

it.each(FAILURES)("%s is an error with a documented code, and the session goes on", async (_what, failure, code) => {
  const { url } = await serve(failure);
  const socket = await RawSocket.start(url);
  socket.binary(encodeAudioFrame(0, encodePcm(toneSamples(300, 1000), "pcm_s16le")));
  socket.json({ type: "finalize" });
  const error = await socket.next("error");
  expect(error).toMatchObject({ code, fatal: false });
  expect(Object.keys(error).sort()).toEqual(["code", "fatal", "message", "type"]);
  expect(PROTOCOL).toMatch(new RegExp(`^\\| \`${code}\` .*\\| no +\\|$`, "m"));
  socket.json({ type: "ping", id: 1 });
  await socket.next("pong");
  socket.close();
});

it.each(FAILURES)("%s is told by the item on the realtime wire", async (_what, failure, code) => {
  const { ports } = await serve(failure);
  const socket = await RealtimeSocket.open(`ws://127.0.0.1:${ports.dataPort}/v1/realtime?intent=transcription`);
  socket.send({
    type: "session.update",
    session: { type: "transcription", audio: { input: { turn_detection: null, format: { rate: 16_000 } } } },
  });
  const audio = Buffer.from(encodePcm(toneSamples(300, 1000), "pcm_s16le")).toString("base64");
  socket.send({ type: "input_audio_buffer.append", audio });
  socket.send({ type: "input_audio_buffer.commit" });
  const failed = await socket.next("conversation.item.input_audio_transcription.failed");
  expect(failed).toMatchObject({ error: { type: "server_error", code } });
  socket.close();
});
