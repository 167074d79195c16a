import { CloseCode } from "@stt/core";
import { expect, it, onTestFinished } from "vitest";
import { RealtimeSocket } from "../openai-realtime/realtime-socket.js";
import { appends, pcmOf } from "../openai-realtime/speech.js";
import { pcmAt, RealtimeSttClient } from "../support/realtimestt-client.js";
import { recording } from "../support/recordings.js";
import { knock } from "../support/secure-server.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const { text: SENTENCE } = recording("en_05");

async function server(drainTimeoutMs: number): Promise<TestServer> {
  const target = await createTestServer({ drainTimeoutMs, language: "en" });
  onTestFinished(() => target.server.close());
  return target;
}

async function realtime({ url }: TestServer, turn_detection: object | null): Promise<RealtimeSocket> {
  const socket = await RealtimeSocket.open(url.replace("/v1/stream", "/v1/realtime?intent=transcription"));
  onTestFinished(() => socket.close());
  await socket.next("session.created");
  socket.send({ type: "session.update", session: { type: "transcription", audio: { input: { turn_detection } } } });
  await socket.next("session.updated");
  return socket;
}

const transcripts = (socket: RealtimeSocket) =>
  socket.of("conversation.item.input_audio_transcription.completed").map(({ transcript }) => transcript);

it("a drain gives a RealtimeSTT client the sentence that it was saying, then closes with 1012", async () => {
  const target = await server(3000);
  const client = await RealtimeSttClient.connect(target.ports, { language: "en" });
  onTestFinished(() => client.close());
  // The end silence is never heard: only the drain ends this recording.
  client.sendPcm(pcmAt("en_05", 16_000));
  await client.data.next(({ type }) => type === "recording_start");
  await target.server.drain();
  expect((await client.data.ended()).code).toBe(CloseCode.SERVICE_RESTART);
  expect(client.sentences).toEqual([SENTENCE]);
});

it("a drain commits what a Realtime client said and had not committed", async () => {
  const target = await server(3000);
  const socket = await realtime(target, null);
  for (const event of appends(pcmOf("en_05", 24_000))) socket.send(event);
  // This wire tells nobody of speech that waits for a commit.
  await expect
    .poll(async () => ((await (await fetch(`${target.http}/v1/sessions`)).json()) as { sessions: object[] }).sessions)
    .toMatchObject([{ speaking: true }]);
  await target.server.drain();
  expect((await socket.ended()).code).toBe(CloseCode.SERVICE_RESTART);
  expect(socket.of("input_audio_buffer.committed")).toHaveLength(1);
  expect(transcripts(socket)).toEqual([SENTENCE]);
});

it("a drain ends the open turn of a Realtime client whose turns the server finds", async () => {
  const target = await server(3000);
  const socket = await realtime(target, { type: "server_vad", silence_duration_ms: 5000 });
  for (const event of appends(pcmOf("en_05", 24_000))) socket.send(event);
  await socket.next("input_audio_buffer.speech_started");
  await target.server.drain();
  expect((await socket.ended()).code).toBe(CloseCode.SERVICE_RESTART);
  expect(transcripts(socket)).toEqual([SENTENCE]);
});

it("a draining server sends newcomers elsewhere at once", async () => {
  const target = await server(60_000);
  const staying = await RealtimeSttClient.connect(target.ports);
  const drained = target.server.drain();
  expect(await knock(target.url)).toMatchObject({ status: 503, code: "capacity", retryAfter: "0" });
  const form = new FormData();
  form.set("model", "whisper-1");
  form.set("file", new Blob([pcmAt("en_05", 16_000)]), "speech.wav");
  const upload = await fetch(`${target.http}/v1/audio/transcriptions`, { method: "POST", body: form });
  expect(upload.status).toBe(503);
  staying.close();
  await drained;
});
