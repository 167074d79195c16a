import { encodeAudioFrame, encodePcm } from "@stt/core";
import { FakeEngine, FakeVad, toneSamples } from "@stt/core/testing";
import { afterEach, describe, expect, it } from "vitest";
import { speakerCapacity } from "../../src/scheduler/capacity.js";
import { RawSocket } from "../support/raw-socket.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const LOAD = { lanes: 2, running: 0, queued: 0, busy: 0, finalWaitMs: 0, finalMs: 0, partialMs: 0 };

let target: TestServer | undefined;
afterEach(() => target?.server.close());

describe("the capacity", () => {
  it("follows from what a second of speech costs to decode", () => {
    expect(speakerCapacity({ ...LOAD, finalCostMs: 35 })).toBe(40);
    expect(speakerCapacity({ ...LOAD, lanes: 1, finalCostMs: 35 })).toBe(20);
  });

  it("is never less than one, and without bound before anything was measured", () => {
    expect(speakerCapacity({ ...LOAD, finalCostMs: 9000 })).toBe(1);
    expect(speakerCapacity({ ...LOAD, finalCostMs: 0 })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a server whose capacity was measured", () => {
  /** Decoding takes as long as speaking: one speaker is all that it can serve. */
  async function slowServer(): Promise<TestServer> {
    const engine = new FakeEngine({ answers: () => ({ text: "x", audioMs: 1000, computeMs: 1000 }) });
    target = await createTestServer({}, { engine, vad: new FakeVad() });
    return target;
  }

  function speak(socket: RawSocket, ms: number): void {
    socket.binary(encodeAudioFrame(0, encodePcm(toneSamples(300, ms), "pcm_s16le")));
  }

  it("refuses a session while as many people speak as it can decode", async () => {
    const { url } = await slowServer();
    const silent = [await RawSocket.start(url), await RawSocket.start(url)];
    speak(silent[0]!, 300);
    await silent[0]!.next("speech_start");
    await expect(RawSocket.start(url)).rejects.toThrow("503");
    silent[0]!.json({ type: "finalize" });
    await silent[0]!.next("final");
    silent.push(await RawSocket.start(url));
    for (const socket of silent) socket.close();
  });

  it("does not count a file that comes faster than speech: it can wait", async () => {
    const { url } = await slowServer();
    const file = await RawSocket.start(url);
    speak(file, 20_000);
    await file.next("speech_start");
    const socket = await RawSocket.start(url);
    socket.close();
    file.close();
  });
});
