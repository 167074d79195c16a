import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createWhisperEngine } from "../../src/engines/whisper/create-whisper-engine.js";
import type { SupervisedEngine } from "../../src/engines/whisper/supervised-engine.js";
import type { Log } from "../../src/observability/log.js";
import { RawSocket } from "../support/raw-socket.js";
import { recording } from "../support/recordings.js";
import { stream } from "../support/stream-client.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const logged: { level: string; message: string; fields: object }[] = [];
const note = (level: string) => (fields: object, message: string) => void logged.push({ level, message, fields });
const log: Log = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };

let engine: SupervisedEngine;
let target: TestServer;

beforeAll(async () => {
  engine = (await createWhisperEngine({
    modelPath: fileURLToPath(new URL("../../models/ggml-micro-q8_0.bin", import.meta.url)),
    modelName: "micro",
    device: "cpu",
    threads: 1,
    restartDelayMs: 10,
    log,
  })) as SupervisedEngine;
  target = await createTestServer({}, { engine, log });
}, 60_000);

afterAll(() => target?.server.close());

describe("the inference process killed in the middle of a decode", () => {
  it("costs no final, and the log says what happened", async () => {
    const transcribe = vi.spyOn(engine, "transcribe");
    let killed: number | undefined;
    transcribe.mockImplementationOnce((...args) => {
      transcribe.mockRestore();
      const result = engine.transcribe(...args);
      killed = engine.workerPid;
      // The job has been sent a microtask later; it takes tens of milliseconds.
      queueMicrotask(() => process.kill(killed!, "SIGKILL"));
      return result;
    });
    const { text } = await stream(target.url, recording("en_05"), { language: "en", partials: false });
    expect(text).toBe("Set a timer for eleven minutes.");
    expect(killed).toBeDefined();
    expect(logged.find(({ message }) => message.includes("is gone"))).toMatchObject({
      level: "error",
      fields: { pid: killed, exitSignal: "SIGKILL" },
    });
  });
});

describe("a client that stops sending in mid-utterance", () => {
  it("still gets its final", async () => {
    const quick = await createTestServer({ idleAudioTimeoutMs: 200 }, { engine });
    const { readFile } = await import("node:fs/promises");
    const pcm = (await readFile(recording("en_05").path)).subarray(44);
    const socket = await RawSocket.start(quick.url, { language: "en" });
    const frame = Buffer.concat([Buffer.alloc(8), pcm]);
    socket.binary(frame);
    expect((await socket.next("final")).text).toBe("Set a timer for eleven minutes.");
    socket.close();
  });
});

describe("commands in a running session", () => {
  async function speak(socket: RawSocket): Promise<void> {
    const { readFile } = await import("node:fs/promises");
    const pcm = (await readFile(recording("en_05").path)).subarray(44);
    socket.binary(Buffer.concat([Buffer.alloc(8), pcm]));
  }

  it("finalize ends the utterance without waiting for silence", async () => {
    const socket = await RawSocket.start(target.url, { language: "en" });
    await speak(socket);
    socket.json({ type: "finalize" });
    expect((await socket.next("final")).text).toBe("Set a timer for eleven minutes.");
    socket.close();
  });

  it("cancel drops the utterance: no final comes, and its audio is done with", async () => {
    const socket = await RawSocket.start(target.url, { language: "en" });
    await speak(socket);
    socket.json({ type: "cancel" });
    socket.json({ type: "stop" });
    expect(await socket.next("end")).toMatchObject({ utterances: 0 });
    expect(socket.messages.filter(({ type }) => type === "final")).toEqual([]);
    const acks = socket.messages.filter((message) => message.type === "ack");
    expect(acks.at(-1)!.finalizedSamples).toBe(acks.at(-1)!.receivedSamples);
  });

  it("a resumed session goes on with the numbering and the timeline it is told", async () => {
    const socket = await RawSocket.start(target.url, {
      language: "en",
      resume: { sessionId: "abc", fromSample: 160_000, nextUtterance: 7 },
    });
    expect(await socket.next("ready")).toMatchObject({ resumed: true, sessionId: "abc", receivedSamples: 160_000 });
    const { readFile } = await import("node:fs/promises");
    const pcm = (await readFile(recording("en_05").path)).subarray(44);
    const header = Buffer.alloc(8);
    header.writeBigUInt64LE(160_000n);
    socket.binary(Buffer.concat([header, pcm]));
    socket.json({ type: "stop" });
    const final = await socket.next("final");
    expect(final.utterance).toBe(7);
    expect(final.startMs).toBeGreaterThan(10_000);
    expect(final.finalizedSamples).toBeGreaterThan(160_000);
  });
});
