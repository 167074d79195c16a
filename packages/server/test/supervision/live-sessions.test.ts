/** The real inference process, killed, stopped and starved while people speak. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { encodeAudioFrame } from "@stt/core";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { createWhisperEngine } from "../../src/engines/whisper/create-whisper-engine.js";
import type { SupervisedEngine, SupervisedEngineOptions } from "../../src/engines/whisper/supervised-engine.js";
import { ensureWorker, memoryLog, microModel } from "../engines/support.js";
import { RawSocket } from "../support/raw-socket.js";
import { recording } from "../support/recordings.js";
import { createTestServer } from "../support/test-server.js";

beforeAll(ensureWorker, 60_000);

async function supervised(options: Partial<SupervisedEngineOptions> = {}) {
  const log = memoryLog();
  const engine = (await createWhisperEngine({
    modelPath: microModel,
    modelName: "micro",
    device: "cpu",
    threads: 1,
    restartDelayMs: 50,
    log,
    ...options,
  })) as SupervisedEngine;
  const target = await createTestServer({ speculativeFinals: false, enableRealtimeTranscription: false }, { engine });
  onTestFinished(() => target.server.close());
  const said = (message: string) => log.entries.filter((entry) => entry.message.includes(message));
  const readiness = async () => {
    const response = await fetch(`${target.http}/readyz`);
    return { status: response.status, ...((await response.json()) as { ready: boolean; reason?: string }) };
  };
  return { engine, said, readiness, url: target.url };
}

/** A session that has said its sentence and waits for the final. */
async function said(url: string, name: string): Promise<RawSocket> {
  const { path: file, language } = recording(name);
  const socket = await RawSocket.start(url, { language });
  onTestFinished(() => socket.close());
  socket.binary(encodeAudioFrame(0, readFileSync(file).subarray(44)));
  socket.json({ type: "stop" });
  return socket;
}

/** The built-in model gets these right. */
const NAMES = ["en_05", "en_01", "en_08"];

/** Everybody gets exactly what was said, and nobody hears of an error. */
async function expectAllFinals(sockets: RawSocket[]): Promise<void> {
  for (const [i, socket] of sockets.entries()) {
    await socket.next("end", 20_000);
    const finals = socket.messages.flatMap((message) => (message.type === "final" ? [message.text] : []));
    expect(finals).toEqual([recording(NAMES[i]!).text]);
    expect(socket.messages.filter(({ type }) => type === "error")).toEqual([]);
  }
}

/** Does something to the inference process as soon as a job was sent to it. */
function atNextJob(engine: SupervisedEngine, action: (pid: number) => void): void {
  const spy = vi.spyOn(engine, "transcribe");
  spy.mockImplementationOnce((...args) => {
    spy.mockRestore();
    const result = engine.transcribe(...args);
    setImmediate(() => action(engine.workerPid!));
    return result;
  });
}

const speakAll = (url: string) => Promise.all(NAMES.map((name) => said(url, name)));

describe("sessions whose inference process", { timeout: 60_000 }, () => {
  it("is killed in the middle of a decode lose nothing, and the server is ready again", async () => {
    const { engine, url, said: logged, readiness } = await supervised({ restartDelayMs: 300 });
    const before = engine.workerPid;
    atNextJob(engine, (pid) => process.kill(pid, "SIGKILL"));
    const sockets = speakAll(url);
    const away = {
      status: 503,
      ready: false,
      reason: expect.stringContaining("the model micro is being loaded again"),
    };
    await expect.poll(readiness, { timeout: 10_000, interval: 10 }).toMatchObject(away);
    await expectAllFinals(await sockets);
    expect(engine.workerPid).not.toBe(before);
    expect(logged("is gone")).toMatchObject([{ fields: { exitSignal: "SIGKILL" } }]);
    expect(await readiness()).toEqual({ status: 200, ready: true });
  });

  it("hangs lose nothing: the watchdog replaces it and the job runs again", async () => {
    const { engine, url, said: logged } = await supervised({ jobTimeoutMs: () => 3000 });
    atNextJob(engine, (pid) => process.kill(pid, "SIGSTOP"));
    await expectAllFinals(await speakAll(url));
    expect(logged("is gone")).toMatchObject([{ fields: { hungAfterMs: 3000 } }]);
  });

  it("gets no memory lose nothing: a fresh process decodes", async () => {
    const { engine, url, said: logged } = await supervised();
    // As little address space as it has now: the next large allocation of the real decoder fails.
    const pid = engine.workerPid!;
    const size = Number(/^VmSize:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) * 1024;
    execFileSync("prlimit", ["--pid", String(pid), `--as=${size - 2 ** 26}`]);
    const sockets = await speakAll(url);
    await vi.waitFor(
      () => {
        // Memory that is held already may last for a short sentence: then one is asked for that needs more.
        if (engine.workerPid === pid)
          void engine.transcribe(new Float32Array(28 * 16_000), { language: "en", beamSize: 5 }).catch(() => {});
        expect(logged("is gone").length).toBeGreaterThan(0);
      },
      { timeout: 20_000, interval: 500 },
    );
    await expectAllFinals(sockets);
    await expectAllFinals(await speakAll(url));
  });

  it("loses its job twice tell the one whose job it was, and only that one", async () => {
    // The parts of a long utterance are of six seconds and more, the others' recordings shorter.
    const isLong = (ms: number) => ms > 5000;
    const { url } = await supervised({ jobTimeoutMs: (ms) => (isLong(ms) ? 20 : 60_000) });
    const long = await RawSocket.start(url, { language: "en", endpointing: { silenceMs: 10_000 } });
    onTestFinished(() => long.close());
    long.binary(encodeAudioFrame(0, readFileSync(recording("en_paragraph_1").path).subarray(44, 44 + 18 * 32_000)));
    long.json({ type: "stop" });
    const others = await speakAll(url);
    expect(await long.next("error", 20_000)).toMatchObject({
      code: "engine_failed",
      fatal: false,
      message: expect.stringMatching(/^Utterance 0 \([\d.]+ to [\d.]+ ms\) could not be decoded: .*2 times/),
    });
    await expectAllFinals(others);
  });
});

describe("a model file that vanishes", { timeout: 60_000 }, () => {
  it("makes the server say so and not ready, and once it is back the server is too, without being asked", async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "stt-vanishing-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const modelPath = path.join(directory, "model.bin");
    copyFileSync(microModel, modelPath);
    const { engine, url, readiness } = await supervised({ modelPath });
    rmSync(modelPath);
    process.kill(engine.workerPid!, "SIGKILL");
    await expect.poll(readiness, { timeout: 10_000 }).toMatchObject({
      status: 503,
      reason: expect.stringContaining(`${modelPath}`),
    });
    const socket = await said(url, "en_05");
    expect(await socket.next("error", 20_000)).toMatchObject({ code: "model_not_found", fatal: false });
    copyFileSync(microModel, modelPath);
    await expect.poll(readiness, { timeout: 20_000 }).toEqual({ status: 200, ready: true });
    const again = await said(url, "en_05");
    expect((await again.next("final")).text).toBe(recording("en_05").text);
  });
});
