import { readFileSync } from "node:fs";
import { wordErrorRate } from "@stt/core";
import { FakeEngine, FakeVad } from "@stt/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BASE_MODEL, type HumanRecording, human } from "../support/human.js";
import { jsonOf } from "../support/json-of.js";
import { python, testPython, WITHOUT_PYTHON } from "../support/python-clients.js";
import { guardedServer, KeyFile } from "../support/secure-server.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

/** What Bazarr sends: samples without a header, which ffmpeg made. */
const bareSamples = ({ path }: HumanRecording) => readFileSync(path).subarray(44);

function post(http: string, path: string, audio: Uint8Array, headers: Record<string, string> = {}): Promise<Response> {
  const form = new FormData();
  form.set("audio_file", new Blob([new Uint8Array(audio)]), "audio_file");
  return fetch(`${http}${path}`, { method: "POST", body: form, headers });
}

let target: TestServer;
beforeAll(async () => {
  target = await createTestServer({ ...BASE_MODEL, language: "auto" });
}, 120_000);
afterAll(() => target?.server.close());

const spokenOf = (srt: string) => srt.replace(/^\d+$|^.* --> .*$/gm, " ");

describe("the calls of Bazarr", { timeout: 60_000 }, () => {
  it.each(["en_kennedy", "ru_all_busy"])("detect the language of %s, then make its subtitles", async (name) => {
    const recording = human(name);
    const detected = await post(target.http, "/detect-language?encode=false", bareSamples(recording));
    expect(detected.status).toBe(200);
    const found = await jsonOf(detected);
    expect(found).toMatchObject({
      language_code: recording.language,
      detected_language: recording.language === "en" ? "english" : "russian",
    });
    expect(found.confidence).toBeGreaterThan(0.7);
    expect(found.confidence).toBeLessThanOrEqual(1);

    const query = `task=transcribe&language=${found.language_code}&output=srt&encode=false`;
    const answer = await post(target.http, `/asr?${query}`, bareSamples(recording));
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const srt = await answer.text();
    expect(srt).toMatch(/^1\n00:00:0\d,\d{3} --> 00:00:\d\d,\d{3}\n\S/);
    expect(wordErrorRate(recording.text, spokenOf(srt)).errors, srt).toBe(0);
  });

  it("translate to English", async () => {
    const query = "task=translate&language=ru&output=srt&encode=false";
    const srt = await (await post(target.http, `/asr?${query}`, bareSamples(human("ru_invalid_number")))).text();
    expect(spokenOf(srt).toLowerCase()).toMatch(/number.*(not|n't)/s);
    expect(srt).not.toMatch(/[а-я]/i);
  });

  it("nobody speaks: an empty object, from which Bazarr concludes that there is no speech", async () => {
    const answer = await post(target.http, "/detect-language?encode=false", new Uint8Array(64_000));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({});
  });
});

describe.skipIf(!testPython)(`requests, the library of Bazarr${WITHOUT_PYTHON}`, () => {
  it("gets subtitles", { timeout: 60_000 }, async () => {
    const recording = human("en_austen_leisure");
    // As in Bazarr's provider, with its set of nothing for the name of the video.
    const script = `
import sys, requests
audio = open(sys.argv[2], "rb").read()[44:]
r = requests.Session().post(f"{sys.argv[1]}/asr", params={"task": "transcribe", "language": "en", "output": "srt",
    "encode": "false", "video_file": {None}}, files={"audio_file": audio}, timeout=(5, 100))
print(r.content.decode())`;
    const srt = await python(script, target.http, recording.path);
    expect(wordErrorRate(recording.text, spokenOf(srt)).errors, srt).toBe(0);
  });
});

/** A checkout of Bazarr, whose provider is on no registry; its interpreter also needs pillow, lxml and numpy. */
const bazarr = process.env.STT_TEST_BAZARR;
const WITHOUT_BAZARR = bazarr && testPython ? "" : " (left out: STT_TEST_BAZARR names no checkout of it)";

describe.skipIf(WITHOUT_BAZARR)(`Bazarr's own provider${WITHOUT_BAZARR}`, () => {
  it.each(["en_kennedy", "ru_all_busy"])(
    "finds the language of %s and gets its subtitles",
    async (name) => {
      const recording = human(name);
      const script = `
import sys
home, endpoint, path, language = sys.argv[1:]
sys.path[:0] = [home + "/custom_libs", home + "/libs"]
from subliminal_patch.providers.whisperai import WhisperAIProvider
from subliminal.video import Movie
from subzero.language import Language
provider = WhisperAIProvider(endpoint=endpoint, response=5, timeout=100, ffmpeg_path="ffmpeg", pass_video_name=True, loglevel="INFO")
provider.initialize()
video = Movie(path, "A Film")
video.original_path, video.original_name, video.audio_languages = path, "A Film", set()
[subtitle] = provider.list_subtitles(video, {Language(language)})
provider.download_subtitle(subtitle)
assert subtitle.task == "transcribe" and subtitle.is_valid()
print(subtitle.content.decode())`;
      const code = recording.language === "en" ? "eng" : "rus";
      const srt = await python(script, bazarr!, target.http, recording.path, code);
      expect(wordErrorRate(recording.text, spokenOf(srt)).errors, srt).toBe(0);
    },
    100_000,
  );
});

describe("other answers", { timeout: 60_000 }, () => {
  const file = () => readFileSync(human("en_austen_amiable").path);

  it("txt is the default, vtt and tsv have times", async () => {
    expect(await (await post(target.http, "/asr", file())).text()).toMatch(/^He might even have been .*\.\n$/);
    expect(await (await post(target.http, "/asr?output=vtt", file())).text()).toMatch(/^WEBVTT\n\n00:00:/);
    expect(await (await post(target.http, "/asr?output=tsv", file())).text()).toMatch(
      /^start\tend\ttext\n\d+\t\d+\tHe might/,
    );
  });

  it("json has segments, with words where they were asked for", async () => {
    const plain = await jsonOf(await post(target.http, "/asr?output=json", file()));
    expect(plain).toMatchObject({ language: "en", segments: [{ id: 0, avg_logprob: expect.any(Number) }] });
    expect(plain.segments[0].words).toBeUndefined();
    const { segments } = await jsonOf(await post(target.http, "/asr?output=json&word_timestamps=true", file()));
    expect(segments[0].words[0]).toMatchObject({ word: "He", start: expect.any(Number) });
    expect(segments[0].words[0].probability).toBeGreaterThan(0.3);
  });

  it("a WAV file that is sent as bare samples is read by its header", async () => {
    const answer = await post(target.http, "/asr?encode=false&language=en", file());
    expect(await answer.text()).toMatch(/^He might even/);
  });

  it("what has no effect is named in a header", async () => {
    const answer = await post(target.http, "/asr?vad_filter=true&video_file=a%20film.mkv&word_timestamps=true", file());
    expect(answer.headers.get("x-ignored-options")).toBe("vad_filter, video_file, word_timestamps");
  });
});

describe("what is wrong is told as FastAPI tells it", () => {
  it.each([
    ["output=docx", "output", "docx"],
    ["task=sing", "task", "sing"],
    ["language=klingon", "language", "klingon"],
    ["encode=perhaps", "encode", "perhaps"],
    ["diarize=true", "diarize", "true"],
  ])("%s", async (query, field, input) => {
    const answer = await post(target.http, `/asr?${query}`, new Uint8Array(2000));
    expect(answer.status).toBe(422);
    const { detail } = await jsonOf(answer);
    expect(detail).toEqual([{ type: "value_error", loc: ["query", field], msg: expect.any(String), input }]);
    expect(detail[0].msg).toContain(field);
  });

  it("no file, an empty file, a file that is no audio, too large a file", async () => {
    const small = await createTestServer({ maxUploadBytes: 1024 }, { engine: new FakeEngine(), vad: new FakeVad() });
    try {
      const none = await fetch(`${target.http}/asr`, { method: "POST", body: new FormData() });
      expect(none.status).toBe(422);
      expect((await jsonOf(none)).detail[0]).toMatchObject({ loc: ["body", "audio_file"] });
      expect((await post(target.http, "/asr?encode=false", new Uint8Array(0))).status).toBe(422);
      const text = await post(target.http, "/asr", Buffer.from("this is no audio at all"));
      expect(text.status).toBe(415);
      expect(await text.json()).toEqual({ detail: expect.stringContaining("kind") });
      expect((await post(small.http, "/asr", new Uint8Array(5000))).status).toBe(413);
    } finally {
      await small.server.close();
    }
  });
});

describe("who may call", () => {
  it("a key is asked for, and may be the password of an address, for Bazarr has no field for it", async () => {
    const keys = await KeyFile.create();
    const key = await keys.add("bazarr");
    const { http } = await guardedServer({ apiKeysFile: keys.path });
    const audio = new Uint8Array(2000);
    const none = await post(http, "/asr?encode=false", audio);
    expect(none.status).toBe(401);
    expect(await none.json()).toEqual({ detail: expect.any(String) });
    const basic = (key: string) => ({ Authorization: `Basic ${Buffer.from(`bazarr:${key}`).toString("base64")}` });
    expect((await post(http, "/asr?encode=false", audio, basic("wrong"))).status).toBe(401);
    expect((await post(http, "/asr?encode=false", audio, basic(key))).status).toBe(200);
    // Nowhere else: a browser remembers such passwords and sends them unasked.
    expect((await fetch(`${http}/v1/models`, { headers: basic(key) })).status).toBe(401);
  });

  it("a foreign page may not", async () => {
    const answer = await post(target.http, "/asr", new Uint8Array(2000), { Origin: "https://evil.example" });
    expect(answer.status).toBe(403);
  });

  it("nobody, where it is switched off", async () => {
    const off = await createTestServer({ asrWebserviceApi: false }, { engine: new FakeEngine(), vad: new FakeVad() });
    try {
      expect((await post(off.http, "/asr", new Uint8Array(2000))).status).toBe(404);
      expect((await post(off.http, "/detect-language", new Uint8Array(2000))).status).toBe(404);
    } finally {
      await off.server.close();
    }
  });
});
