import { readFileSync } from "node:fs";
import { wordErrorRate } from "@stt/core";
import { FakeEngine, FakeVad } from "@stt/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BASE_MODEL, human } from "../support/human.js";
import { jsonOf } from "../support/json-of.js";
import { python, testPython, WITHOUT_PYTHON } from "../support/python-clients.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

let target: TestServer;
beforeAll(async () => {
  target = await createTestServer({ ...BASE_MODEL, language: "auto" });
}, 120_000);
afterAll(() => target?.server.close());

function infer(name: string, fields: Record<string, string> = {}, query = ""): Promise<Response> {
  const form = new FormData();
  form.set("file", new Blob([readFileSync(human(name).path)]), "speech.wav");
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  return fetch(`${target.http}/inference${query}`, { method: "POST", body: form });
}

const errorsIn = (name: string, heard: string) => wordErrorRate(human(name).text, heard).errors;

describe("the call of whisper.cpp's clients", { timeout: 60_000 }, () => {
  it.each(["en_kennedy", "ru_invalid_number"])("%s as json, with the fields of its manual", async (name) => {
    const fields = { temperature: "0.0", temperature_inc: "0.2", no_speech_thold: "0.6", response_format: "json" };
    const answer = await infer(name, fields);
    expect(answer.headers.get("x-ignored-options")).toBe("temperature_inc, no_speech_thold");
    const body = await jsonOf(answer);
    expect(Object.keys(body)).toEqual(["text"]);
    expect(errorsIn(name, body.text), body.text).toBe(0);
  });

  it("text, srt and vtt", async () => {
    const text = await infer("en_austen_amiable", { response_format: "text" });
    // Never HTML, which would run what somebody said.
    expect(text.headers.get("content-type")?.toLowerCase()).toBe("text/plain; charset=utf-8");
    expect(errorsIn("en_austen_amiable", await text.text())).toBe(0);
    const srt = await infer("en_austen_amiable", { response_format: "srt" });
    expect(srt.headers.get("content-type")).toBe("application/x-subrip");
    expect(await srt.text()).toMatch(/^1\n00:00:/);
    const vtt = await infer("en_austen_amiable", { response_format: "vtt" });
    expect(vtt.headers.get("content-type")).toBe("text/vtt");
    expect(await vtt.text()).toMatch(/^WEBVTT/);
  });

  it("verbose_json has the language and the words", async () => {
    const fields = { response_format: "verbose_json", detect_language: "true", language: "en" };
    const body = await jsonOf(await infer("ru_all_busy", fields));
    expect(body).toMatchObject({ task: "transcribe", language: "russian", detected_language: "russian" });
    expect(body.detected_language_probability).toBeGreaterThan(0.7);
    expect(body.segments[0].words[0]).toMatchObject({ word: expect.any(String), probability: expect.any(Number) });
    const without = await jsonOf(await infer("ru_all_busy", { ...fields, no_timestamps: "true" }));
    expect(without.segments[0].words).toBeUndefined();
  });

  it("translates, and takes fields from the address", async () => {
    const { text } = await jsonOf(await infer("ru_invalid_number", {}, "?translate=true&language=ru"));
    expect(text.toLowerCase()).toContain("number");
  });
});

describe.skipIf(!testPython)(`whisper-cpp-client of PyPI${WITHOUT_PYTHON}`, () => {
  it("gets the text", { timeout: 60_000 }, async () => {
    const { http } = target;
    const { path } = human("en_austen_selfish");
    const script = `
import sys, json
from whisper_cpp_client.WhisperCppClient import WhisperCppClient
print(json.loads(WhisperCppClient(sys.argv[1], int(sys.argv[2])).transcribe(sys.argv[3]))["text"])`;
    const heard = await python(script, "http://127.0.0.1", new URL(http).port, path);
    expect(errorsIn("en_austen_selfish", heard), heard).toBe(0);
  });
});

describe("what is wrong is an error in one sentence", () => {
  it.each([
    [{ response_format: "lrc" }, "response_format"],
    [{ temperature: "hot" }, "temperature"],
    [{ language: "klingon" }, "language"],
    [{ diarize: "true" }, "diarize"],
    [{ offset_t: "2000" }, "offset_t"],
  ])("%o", async (fields, told) => {
    const answer = await infer("en_austen_amiable", fields);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: expect.stringContaining(told) });
  });

  it("no file", async () => {
    const answer = await fetch(`${target.http}/inference`, { method: "POST", body: new FormData() });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ error: expect.stringContaining("file") });
  });

  it("a foreign page, and a server where it is switched off", async () => {
    const headers = { Origin: "https://evil.example" };
    const foreign = await fetch(`${target.http}/inference`, { method: "POST", body: new FormData(), headers });
    expect(foreign.status).toBe(403);
    expect(await foreign.json()).toEqual({ error: expect.any(String) });
    const off = await createTestServer({ whisperCppApi: false }, { engine: new FakeEngine(), vad: new FakeVad() });
    try {
      expect((await fetch(`${off.http}/inference`, { method: "POST", body: new FormData() })).status).toBe(404);
    } finally {
      await off.server.close();
    }
  });
});
