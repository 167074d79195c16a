import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { WhisperEngine } from "../../src/engines/whisper/whisper-engine.js";
import { inferenceCores } from "../../src/machine/inference-cores.js";
import { silentLog } from "../../src/observability/log.js";
import { bundle, folded, microModel, repeated, sample, workerFile } from "./support.js";

const open = (concurrency = 1, threads = 0) =>
  WhisperEngine.open({
    modelPath: microModel,
    modelName: "micro",
    device: "cpu",
    concurrency,
    threads,
    log: silentLog,
  });

describe("WhisperEngine", () => {
  let engine: WhisperEngine;

  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine.close());

  it("says what it is", () => {
    expect(engine.info).toMatchObject({
      name: "whisper.cpp",
      model: "micro",
      multilingual: true,
      requestedDevice: "cpu",
      actualDevice: "cpu",
      concurrency: 1,
      capabilities: { abort: true, beamSearch: true, wordTimestamps: true, languageDetection: true },
    });
  });

  it("lets one call have the threads of several, unless their number was set", async () => {
    const engines = [await open(2), await open(2, 1)];
    expect(engines.map(({ info }) => info.capabilities.mostLanes)).toEqual([Math.min(2, inferenceCores()), 1]);
    const { audio, text, language } = sample("en_01");
    for (const each of engines) {
      expect(folded((await each.transcribe(audio, { language, lanes: 2 })).text)).toBe(folded(text));
      await each.close();
    }
  });

  it.each(["en_01", "en_02", "en_05", "ru_01", "ru_03", "ru_05"])("recognises %s", async (name) => {
    const { audio, text, language } = sample(name);
    const result = await engine.transcribe(audio, { language });
    expect(folded(result.text)).toBe(folded(text));
    expect(result.language).toBe(language);
    expect(result.languageProbability).toBeUndefined();
    expect(result.audioMs).toBeCloseTo(audio.length / 16);
    expect(result.computeMs).toBeGreaterThan(0);
  });

  it.each(["en_01", "ru_01"])("detects the language of %s", async (name) => {
    const { audio, text, language } = sample(name);
    const result = await engine.transcribe(audio, { language: "auto" });
    expect(result.language).toBe(language);
    expect(result.languageProbability).toBeGreaterThan(0.9);
    expect(result.languageProbability).toBeLessThanOrEqual(1);
    expect(folded(result.text)).toBe(folded(text));
  });

  it("decodes the same with and without detection, also after another audio context", async () => {
    const { audio, language } = sample("ru_06");
    const told = await engine.transcribe(audio, { language, audioContext: 256, words: true });
    await engine.transcribe(sample("en_07").audio, { language: "en", audioContext: "full" });
    const detected = await engine.transcribe(audio, { language: "auto", audioContext: 256, words: true });
    expect(detected.segments).toEqual(told.segments);
  });

  it("is not disturbed in the full window by rows of a smaller one", async () => {
    const { audio } = sample("en_01");
    const fresh = await open();
    const untouched = await fresh.transcribe(audio, { language: "en", audioContext: "full" });
    await fresh.transcribe(audio, { language: "en", audioContext: 1024 });
    const afterwards = await fresh.transcribe(audio, { language: "en", audioContext: "full" });
    expect(afterwards.segments).toEqual(untouched.segments);
    await fresh.close();
  });

  it("finds more probable text with several beams", async () => {
    const total = { greedy: 0, beams: 0 };
    for (const name of ["en_09", "ru_02", "ru_12"]) {
      const { audio, language } = sample(name);
      const options = { language, audioContext: 512, temperatureFallback: false };
      const greedy = await engine.transcribe(audio, options);
      const beams = await engine.transcribe(audio, { ...options, beamSize: 5 });
      total.greedy += greedy.segments[0]!.averageLogProbability;
      total.beams += beams.segments[0]!.averageLogProbability;
    }
    expect(total.beams).toBeGreaterThan(total.greedy);
  });

  it.each(["en_08", "ru_08"])("gives words of %s with times and confidences", async (name) => {
    const { audio, language } = sample(name);
    const { segments, text, audioMs } = await engine.transcribe(audio, { language, words: true });
    const words = segments.flatMap((segment) => segment.words!);
    expect(words.map((word) => word.text).join(" ")).toBe(text);
    expect(text).not.toContain("\uFFFD");
    let previousEndMs = 0;
    for (const word of words) {
      expect(word.startMs).toBeGreaterThanOrEqual(previousEndMs);
      expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
      expect(word.endMs).toBeLessThanOrEqual(audioMs);
      expect(word.confidence).toBeGreaterThan(0);
      expect(word.confidence).toBeLessThanOrEqual(1);
      previousEndMs = word.endMs;
    }
    expect(previousEndMs).toBeGreaterThan(audioMs / 2);
  });

  it("describes its segments", async () => {
    const { audio } = sample("en_02");
    const { segments, audioMs } = await engine.transcribe(audio, { language: "en" });
    expect(segments.length).toBeGreaterThan(0);
    for (const segment of segments) {
      expect(segment.startMs).toBeGreaterThanOrEqual(0);
      expect(segment.endMs).toBeGreaterThan(segment.startMs);
      expect(segment.endMs).toBeLessThanOrEqual(audioMs);
      expect(segment.noSpeechProbability).toBeLessThan(0.5);
      expect(segment.averageLogProbability).toBeLessThanOrEqual(0);
      expect(segment.tokenCount).toBeGreaterThan(5);
      expect(segment.words).toBeUndefined();
    }
  });

  it("accepts a prompt of any length and content", async () => {
    const { audio, text } = sample("ru_05");
    const short = await engine.transcribe(audio, { language: "ru", prompt: "Отель был хороший." });
    expect(folded(short.text)).toBe(folded(text));
    const odd = `${"a".repeat(100_000)}\0${"слово ".repeat(5_000)}`;
    await expect(engine.transcribe(audio, { language: "ru", prompt: odd })).resolves.toBeDefined();
  });

  it("carries nothing over from one call to the next", async () => {
    const { audio } = sample("en_05");
    const first = await engine.transcribe(audio, { language: "en" });
    await engine.transcribe(sample("ru_10").audio, { language: "ru", prompt: "Мой поезд" });
    const second = await engine.transcribe(audio, { language: "en" });
    expect(second.segments).toEqual(first.segments);
  });

  it.each([
    ["nothing", new Float32Array(0)],
    ["10 ms", sample("en_01").audio.slice(8_000, 8_160)],
    ["silence", new Float32Array(48_000)],
    ["samples that are no numbers", new Float32Array(16_000).fill(Number.NaN)],
  ])("says nothing to %s", async (_what, audio) => {
    const result = await engine.transcribe(audio, { language: "en", words: true });
    expect(result).toMatchObject({ text: "", segments: [], audioMs: audio.length / 16 });
  });

  it("decodes audio longer than one window", async () => {
    const { audio } = sample("en_paragraph_1");
    const { segments, audioMs } = await engine.transcribe(audio, { language: "en", temperatureFallback: false });
    expect(segments.at(-1)!.endMs).toBeGreaterThan(30_000);
    expect(segments.at(-1)!.endMs).toBeLessThanOrEqual(audioMs);
  });

  it("leaves the audio as it was", async () => {
    const { audio } = sample("en_01");
    const copy = audio.slice();
    await engine.transcribe(audio, { language: "en" });
    expect(audio).toEqual(copy);
  });

  it.each([
    [{ language: "klingon" }, "klingon"],
    [{ language: "en", beamSize: 0 }, "beam size is 0"],
    [{ language: "en", beamSize: 1.5 }, "beam size is 1.5"],
    [{ language: "en", temperature: 7 }, "temperature is 7"],
  ])("refuses %j", async (options, said) => {
    await expect(engine.transcribe(new Float32Array(16_000), options)).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining(said),
    });
  });

  it("reports memory", async () => {
    expect((await engine.memory()).rssBytes).toBeGreaterThan(1e7);
  });

  describe("abort", () => {
    it("stops in the middle of decoding and can go on", async () => {
      const long = repeated(sample("en_01").audio, 120);
      const controller = new AbortController();
      const startedAt = performance.now();
      const running = engine.transcribe(long, { language: "en", beamSize: 5 }, controller.signal);
      running.catch(() => {});
      // The call is in the native code as soon as it has started: give it a few encoder layers.
      await vi.waitFor(() => expect(performance.now() - startedAt).toBeGreaterThan(100));
      const abortedAt = performance.now();
      controller.abort();
      await expect(running).rejects.toMatchObject({ code: "aborted" });
      expect(performance.now() - abortedAt).toBeLessThan(2_000);

      const { audio, text } = sample("en_01");
      expect(folded((await engine.transcribe(audio, { language: "en" })).text)).toBe(folded(text));
    });

    it("also stops language detection", async () => {
      const controller = new AbortController();
      const running = engine.transcribe(repeated(sample("en_01").audio, 30), { language: "auto" }, controller.signal);
      queueMicrotask(() => controller.abort());
      await expect(running).rejects.toMatchObject({ code: "aborted" });
    });

    it("refuses a signal that has fired already", async () => {
      const call = engine.transcribe(new Float32Array(16_000), { language: "en" }, AbortSignal.abort());
      await expect(call).rejects.toMatchObject({ code: "aborted" });
    });

    it("takes a waiting call out of the queue", async () => {
      const { audio, text } = sample("en_01");
      const controller = new AbortController();
      const first = engine.transcribe(audio, { language: "en" });
      const second = engine.transcribe(audio, { language: "en" }, controller.signal);
      const third = engine.transcribe(audio, { language: "en" });
      controller.abort();
      await expect(second).rejects.toMatchObject({ code: "aborted" });
      for (const call of [first, third]) expect(folded((await call).text)).toBe(folded(text));
    });
  });

  it("runs several calls at once without mixing them up", async () => {
    const several = await open(2);
    expect(several.info.concurrency).toBe(2);
    const names = ["en_01", "ru_01", "en_05", "ru_05", "en_02", "ru_03"];
    const results = await Promise.all(
      names.map(async (name) => {
        const { audio, language, text } = sample(name);
        return { got: (await several.transcribe(audio, { language })).text, text };
      }),
    );
    for (const { got, text } of results) expect(folded(got)).toBe(folded(text));
    await several.close();
  });

  it("rejects running and later calls once closed, however often", async () => {
    const closing = await open();
    const long = repeated(sample("ru_01").audio, 60);
    const calls = [1, 2].map(() => closing.transcribe(long, { language: "ru" }));
    const outcomes = Promise.allSettled(calls);
    await Promise.all([closing.close(), closing.close()]);
    for (const outcome of await outcomes) expect(outcome).toMatchObject({ reason: { code: "aborted" } });
    await expect(closing.transcribe(long, { language: "ru" })).rejects.toMatchObject({ code: "aborted" });
    await closing.close();
  });

  it("lets the process exit in the middle of a call with its own exit code", async () => {
    // Inside the package, where the bundle finds the native build's sources.
    const engineFile = path.join(path.dirname(workerFile), `exit-${process.pid}.js`);
    mkdirSync(path.dirname(engineFile), { recursive: true });
    await bundle("whisper-engine.ts", engineFile);
    onTestFinished(() => rmSync(engineFile));
    const script = path.join(import.meta.dirname, "exit-process.mjs");
    for (const delayMs of ["0", "20"]) {
      const { status, signal } = spawnSync(process.execPath, [script, engineFile, microModel, delayMs]);
      expect({ status, signal }).toEqual({ status: 3, signal: null });
    }
  });

  it("runs on the CPU when cuda is asked for and there is none", async () => {
    const asked = await WhisperEngine.open({
      modelPath: microModel,
      modelName: "micro",
      device: "cuda",
      log: silentLog,
    });
    expect(asked.info.requestedDevice).toBe("cuda");
    const gpus = asked.info.actualDevice === "cuda";
    expect(gpus || asked.info.actualDevice === "cpu").toBe(true);
    await asked.close();
  });
});
