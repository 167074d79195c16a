import { readFileSync } from "node:fs";
import { createSttClient } from "@stt/client-node";
import { CloseCode, encodeAudioFrame } from "@stt/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { speak } from "../support/live-source.js";
import { RawSocket } from "../support/raw-socket.js";
import { recording } from "../support/recordings.js";
import { stream } from "../support/stream-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const servers: TestServer[] = [];

async function server(config: Parameters<typeof createTestServer>[0] = {}): Promise<TestServer> {
  const target = await createTestServer(config);
  servers.push(target);
  return target;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((each) => each.server.close()));
});

/** 16 kHz mono PCM of a bundled recording. */
const pcmOf = (name: string) => readFileSync(recording(name).path).subarray(44);

const upgradeStatus = (url: string) =>
  new Promise<number | undefined>((resolve) => {
    const socket = new WebSocket(url);
    socket.on("error", () => {});
    socket.on("open", () => resolve(101));
    socket.on("unexpected-response", (_request, response) => resolve(response.statusCode));
  });

describe("a draining server", () => {
  it("is at once not ready and takes nobody in, while open sessions go on", async () => {
    const target = await server({ drainTimeoutMs: 60_000 });
    const socket = await RawSocket.start(target.url, { language: "en" });
    const drained = target.server.drain();
    const ready = await fetch(`${target.http}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { ready: false, reason: "the server is draining" }]);
    expect((await fetch(`${target.http}/healthz`)).status).toBe(200);
    expect(await upgradeStatus(target.url)).toBe(503);
    expect(await socket.next("goaway")).toMatchObject({ reason: "draining", resumeWithinMs: 42_000 });
    socket.binary(encodeAudioFrame(0, pcmOf("en_05")));
    socket.json({ type: "stop" });
    expect((await socket.next("final")).text).toBe(recording("en_05").text);
    await drained;
    expect(target.server.sessions).toBe(0);
  });

  it("does not wait when nobody is there", async () => {
    const target = await server({ drainTimeoutMs: 60_000 });
    await target.server.drain();
    expect((await fetch(`${target.http}/readyz`)).status).toBe(503);
  });

  it("turns the open utterance of a client that stays into text, and cuts it off by the deadline", async () => {
    const target = await server({ drainTimeoutMs: 1500 });
    const socket = await RawSocket.start(target.url, { language: "en" });
    // The end silence is never heard: only the drain ends this utterance.
    socket.binary(encodeAudioFrame(0, pcmOf("en_05")));
    await socket.next("speech_start");
    const begin = performance.now();
    await target.server.drain();
    const elapsed = performance.now() - begin;
    expect(socket.messages.find(({ type }) => type === "final")).toMatchObject({ text: recording("en_05").text });
    expect(elapsed).toBeGreaterThan(1100);
    expect(elapsed).toBeLessThan(2500);
    await target.server.close();
    expect((await socket.ended()).code).toBe(CloseCode.SERVICE_RESTART);
  });

  it("waits no longer than its deadline for a client that goes on talking", async () => {
    const target = await server({ drainTimeoutMs: 500 });
    const socket = await RawSocket.start(target.url, { language: "en" });
    let offset = 0;
    const talk = setInterval(() => {
      const pcm = pcmOf("en_05").subarray(0, 3200);
      socket.binary(encodeAudioFrame(offset, pcm));
      offset += pcm.length / 2;
    }, 20);
    const begin = performance.now();
    await target.server.drain();
    clearInterval(talk);
    expect(performance.now() - begin).toBeLessThan(1500);
  });

  it("hands its speakers over to another one between two utterances, and the text is that of an undisturbed run", async () => {
    const [first, second] = [await server({ drainTimeoutMs: 6000 }), await server()];
    const paragraph = recording("en_paragraph_1");
    const options = { language: "en", partials: false, endpointing: { silenceMs: 500, minUtteranceMs: 500 } } as const;
    const undisturbed = await stream(second.url, paragraph, options);
    const client = createSttClient({ url: [first.url, second.url], ...options });
    const served: string[] = [];
    client.on("ready", () => served.push(client.getSnapshot().server!.url));
    let drained: Promise<void> | undefined;
    client.on("speech_start", ({ utterance }) => {
      if (utterance === 1) drained ??= first.server.drain();
    });
    const text = await speak(client, paragraph, 5);
    await client.close();
    await drained;
    expect(served).toEqual([first.url, second.url]);
    expect(text).toBe(undisturbed.text);
    await vi.waitFor(() => expect(first.server.sessions).toBe(0));
  }, 60_000);
});
