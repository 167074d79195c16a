import { fork } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { createWhisperEngine } from "../../src/engines/whisper/create-whisper-engine.js";
import { SupervisedEngine, type SupervisedEngineOptions } from "../../src/engines/whisper/supervised-engine.js";
import { ensureWorker, folded, memoryLog, microModel, repeated, sample, workerFile } from "./support.js";

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const directory = mkdtempSync(path.join(os.tmpdir(), "stt-supervised-"));
const { audio, text, language } = sample("ru_01");
const long = repeated(audio, 120);

async function open(options: Partial<SupervisedEngineOptions> = {}) {
  const log = memoryLog();
  const engine = await SupervisedEngine.open({
    modelPath: microModel,
    modelName: "micro",
    device: "cpu",
    restartDelayMs: 10,
    log,
    ...options,
  });
  onTestFinished(() => engine.close());
  const said = (message: string) => log.entries.filter((entry) => entry.message.includes(message));
  return { engine, said };
}

describe("SupervisedEngine", () => {
  beforeAll(ensureWorker, 60_000);
  afterAll(() => rmSync(directory, { recursive: true }));

  it("transcribes in another process", async () => {
    const { engine } = await open();
    const result = await engine.transcribe(audio, { language, words: true });
    expect(folded(result.text)).toBe(folded(text));
    expect(result.segments[0]!.words!.length).toBe(text.split(" ").length);
    expect(engine.info).toMatchObject({ name: "whisper.cpp", model: "micro", concurrency: 1, actualDevice: "cpu" });
    expect(alive(engine.workerPid!)).toBe(true);
    expect((await engine.memory()).rssBytes).toBeGreaterThan(1e7);
  });

  it("sends only the part of a buffer that was passed", async () => {
    const { engine } = await open();
    const shared = new Float32Array(audio.length + 32_000);
    shared.set(audio, 16_000);
    const view = shared.subarray(16_000, 16_000 + audio.length);
    expect(folded((await engine.transcribe(view, { language })).text)).toBe(folded(text));
  });

  it("passes errors of the engine on", async () => {
    const { engine } = await open();
    await expect(engine.transcribe(audio, { language: "klingon" })).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining("klingon"),
    });
  });

  it("aborts at once and goes on", async () => {
    const { engine } = await open();
    const controller = new AbortController();
    const running = engine.transcribe(long, { language }, controller.signal);
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: "aborted" });
    const startedAt = performance.now();
    expect(folded((await engine.transcribe(audio, { language })).text)).toBe(folded(text));
    // The aborted two minutes of audio would have taken far longer.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it("answers the call that ran when its process was killed, and says what happened", async () => {
    const { engine, said } = await open();
    const pid = engine.workerPid!;
    const running = engine.transcribe(audio, { language, beamSize: 5 });
    // The call is under way once it has been sent, a microtask later.
    await Promise.resolve();
    process.kill(pid, "SIGKILL");
    expect(folded((await running).text)).toBe(folded(text));
    expect(engine.workerPid).not.toBe(pid);
    expect(said("is gone")).toMatchObject([
      { level: "error", fields: { pid, exitSignal: "SIGKILL", exitCode: null, jobs: 1, restartDelayMs: 10 } },
    ]);
    expect(said("is back")).toMatchObject([{ level: "info", fields: { pid: engine.workerPid } }]);
  });

  it("comes back when its process dies idle", async () => {
    const { engine, said } = await open();
    process.kill(engine.workerPid!, "SIGKILL");
    await vi.waitFor(() => expect(said("is back").length).toBe(1), 10_000);
    expect(folded((await engine.transcribe(audio, { language })).text)).toBe(folded(text));
  });

  it("gives a call up that loses its process twice, and serves the next one", async () => {
    const { engine, said } = await open({ jobTimeoutMs: (ms) => (ms > 60_000 ? 50 : 60_000) });
    const hung = engine.transcribe(long, { language });
    await expect(hung).rejects.toMatchObject({
      code: "engine_failed",
      retryable: true,
      message: expect.stringContaining("2 times"),
    });
    expect(said("is gone").map((entry) => entry.fields.hungAfterMs)).toEqual([50, 50]);
    expect(folded((await engine.transcribe(audio, { language })).text)).toBe(folded(text));
  });

  it("tells callers when the process cannot be started any more, and recovers once it can", async () => {
    const modelPath = path.join(directory, "model.bin");
    copyFileSync(microModel, modelPath);
    const { engine, said } = await open({ modelPath });
    rmSync(modelPath);
    process.kill(engine.workerPid!, "SIGKILL");
    await vi.waitFor(() => expect(said("does not start")).toHaveLength(1), 10_000);
    await expect(engine.transcribe(audio, { language })).rejects.toMatchObject({ code: "model_not_found" });
    copyFileSync(microModel, modelPath);
    expect(folded((await engine.transcribe(audio, { language })).text)).toBe(folded(text));
  });

  it("runs several calls at once without mixing them up", async () => {
    const { engine } = await open({ concurrency: 2 });
    const names = ["en_01", "ru_01", "en_05", "ru_05"];
    const texts = await Promise.all(
      names.map(
        async (name) => (await engine.transcribe(sample(name).audio, { language: sample(name).language })).text,
      ),
    );
    expect(texts.map(folded)).toEqual(names.map((name) => folded(sample(name).text)));
  });

  it("rejects running, waiting and later calls once closed, and its process is gone", async () => {
    const { engine, said } = await open();
    const pid = engine.workerPid!;
    const outcomes = Promise.allSettled([1, 2].map(() => engine.transcribe(long, { language })));
    await Promise.all([engine.close(), engine.close()]);
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { code: "aborted" } });
    await expect(engine.transcribe(audio, { language })).rejects.toMatchObject({ code: "aborted" });
    expect(alive(pid)).toBe(false);
    expect(said("is gone")).toEqual([]);
  });

  it("closes while a process is being restarted", async () => {
    const { engine } = await open({ restartDelayMs: 60_000, maxRestartDelayMs: 60_000 });
    process.kill(engine.workerPid!, "SIGKILL");
    await vi.waitFor(() => expect(engine.workerPid).toBeUndefined());
    const waiting = engine.transcribe(audio, { language });
    const outcome = expect(waiting).rejects.toMatchObject({ code: "aborted" });
    await engine.close();
    await outcome;
  });

  it("aborts a call that waits for a restart", async () => {
    const { engine } = await open({ restartDelayMs: 60_000, maxRestartDelayMs: 60_000 });
    process.kill(engine.workerPid!, "SIGKILL");
    await vi.waitFor(() => expect(engine.workerPid).toBeUndefined());
    const controller = new AbortController();
    const waiting = engine.transcribe(audio, { language }, controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
  });

  it("leaves no process behind when its parent is killed in the middle of a call", async () => {
    const parent = fork(path.join(import.meta.dirname, "parent-process.mjs"), [workerFile, microModel], {
      execArgv: [],
    });
    const [pid] = (await once(parent, "message")) as [number];
    expect(alive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await vi.waitFor(() => expect(alive(pid)).toBe(false), 5_000);
  });

  it("outlives an interrupt at the terminal, which the server handles", async () => {
    const { engine } = await open();
    const pid = engine.workerPid!;
    process.kill(pid, "SIGINT");
    process.kill(pid, "SIGTERM");
    expect(folded((await engine.transcribe(audio, { language })).text)).toBe(folded(text));
    expect(engine.workerPid).toBe(pid);
  });

  it("is what createWhisperEngine gives by default", async () => {
    const engine = await createWhisperEngine({ modelPath: microModel, modelName: "micro", device: "auto" });
    expect(engine).toBeInstanceOf(SupervisedEngine);
    await engine.close();
  });
});
