import { decodeWav, isSttError } from "@stt/core";
import { toneSamples } from "@stt/core/testing";
import { afterEach, describe, expect, it, vi } from "vitest";
import { RemoteEngine, type RemoteEngineOptions } from "../../src/engines/remote/remote-engine.js";
import { answer, type Script, ScriptedEndpoint, VERBOSE } from "./scripted-endpoint.js";

const AUDIO = toneSamples(300, 2000);
const AUTO = { language: "auto" };
const verbose: Script = (response) => answer(response, 200, VERBOSE);

let endpoint: ScriptedEndpoint;
let engine: RemoteEngine | undefined;

afterEach(async () => {
  await engine?.close();
  engine = undefined;
  await endpoint.close();
});

/** An engine whose endpoint was well when it was opened. */
async function open(script: Script, options: Partial<RemoteEngineOptions> = {}): Promise<RemoteEngine> {
  endpoint = await ScriptedEndpoint.start(script);
  engine = await RemoteEngine.open({
    url: endpoint.url,
    apiKey: "secret-key",
    model: "whisper-1",
    timeoutMs: 5000,
    retries: 2,
    concurrency: 4,
    random: () => 0,
    ...options,
  });
  endpoint.requests.length = 0;
  return engine;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error as Error,
  );

describe("a request", () => {
  it("carries the audio as WAV and the options as OpenAI names them", async () => {
    const engine = await open(verbose);
    const options = { language: "de", prompt: "Fachwörter", temperature: 0.2, words: true };
    await engine.transcribe(AUDIO, options);
    const [request] = endpoint.requests;
    expect(request!.path).toBe("/v1/audio/transcriptions");
    expect(request!.authorization).toBe("Bearer secret-key");
    expect(request!.fields).toEqual([
      ["model", "whisper-1"],
      ["temperature", "0.2"],
      ["prompt", "Fachwörter"],
      ["language", "de"],
      ["response_format", "verbose_json"],
      ["timestamp_granularities[]", "segment"],
      ["timestamp_granularities[]", "word"],
    ]);
    const wav = decodeWav(request!.wav);
    expect(wav.format).toEqual({ encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 });
    expect(wav.durationMs).toBe(2000);
  });

  it("leaves detection to the endpoint, and translates at the path for that", async () => {
    const engine = await open(verbose);
    await engine.transcribe(AUDIO, AUTO);
    await engine.transcribe(AUDIO, { language: "de", task: "translate" });
    expect(endpoint.requests.map(({ path }) => path)).toEqual(["/v1/audio/transcriptions", "/v1/audio/translations"]);
    for (const { fields } of endpoint.requests) expect(fields.map(([name]) => name)).not.toContain("language");
  });
});

describe("an answer", () => {
  it("becomes segments, words, probabilities and the code of the language", async () => {
    const engine = await open(verbose);
    expect(engine.info.capabilities).toMatchObject({
      wordTimestamps: true,
      languageDetection: true,
      beamSearch: false,
    });
    const result = await engine.transcribe(AUDIO, { ...AUTO, words: true });
    expect(result).toMatchObject({
      text: "Guten Tag. Auf Wiedersehen.",
      language: "de",
      audioMs: 2000,
      segments: [
        {
          text: "Guten Tag.",
          startMs: 0,
          endMs: 1000,
          averageLogProbability: -0.1,
          noSpeechProbability: 0.01,
          tokenCount: 3,
          words: [{ text: "Guten", startMs: 0, endMs: 400 }, { text: "Tag." }],
        },
        { text: "Auf Wiedersehen.", tokenCount: 4, words: [{ text: "Auf" }, { text: "Wiedersehen.", endMs: 2000 }] },
      ],
    });
  });

  it("without words or segments is taken for what it is, and promises nothing", async () => {
    const refusing: Script = (response, { fields }) => {
      if (fields.some(([, value]) => value === "verbose_json"))
        answer(response, 400, { error: { message: "json only" } });
      else answer(response, 200, { text: "guten tag" });
    };
    const engine = await open(refusing);
    expect(engine.info.capabilities).toMatchObject({ wordTimestamps: false, languageDetection: false });
    const result = await engine.transcribe(AUDIO, { language: "auto", words: true });
    expect(result).toMatchObject({
      text: "guten tag",
      language: "auto",
      segments: [{ text: "guten tag", startMs: 0, endMs: 2000, tokenCount: 0 }],
    });
    expect(endpoint.requests).toHaveLength(1);
  });

  it("with segments and no words promises no words", async () => {
    const { words: _, ...segments } = VERBOSE;
    const engine = await open((response) => answer(response, 200, segments));
    expect(engine.info.capabilities).toMatchObject({ wordTimestamps: false, languageDetection: true });
  });

  it("in the form of vLLM: words and probabilities of silence are null, durations are texts", async () => {
    const engine = await open((response) =>
      answer(response, 200, {
        ...VERBOSE,
        language: "de",
        duration: "2.0",
        segments: VERBOSE.segments.map((segment) => ({ ...segment, no_speech_prob: null })),
        words: null,
      }),
    );
    expect(engine.info.capabilities).toMatchObject({ wordTimestamps: false, languageDetection: true });
    const { language, segments } = await engine.transcribe(AUDIO, AUTO);
    expect(language).toBe("de");
    expect(segments).toMatchObject([
      { text: "Guten Tag.", averageLogProbability: -0.1, noSpeechProbability: 0 },
      { text: "Auf Wiedersehen.", startMs: 1000 },
    ]);
  });

  it("in the form of faster-whisper-server, which has no words, and no segments where nobody spoke", async () => {
    const silence = { task: "transcribe", language: "en", duration: 1.0, text: "", segments: [] };
    const said = " Unless to be rather cold-hearted and rather selfish is to be ill-disposed.";
    const segment = {
      ...{ id: 0, start: 0.0, end: 5.0, text: said, tokens: [50364, 16581, 281, 312, 50614], temperature: 0.0 },
      ...{ avg_logprob: -0.2895797707817771, compression_ratio: 1.121, no_speech_prob: 0.013264134526252747 },
    };
    const engine = await open((response) => answer(response, 200, silence));
    expect(engine.info.capabilities).toMatchObject({ wordTimestamps: false, languageDetection: true });
    expect((await engine.transcribe(AUDIO, AUTO)).segments).toEqual([]);
    endpoint.script = (response) => answer(response, 200, { ...silence, text: said, segments: [segment] });
    expect(await engine.transcribe(AUDIO, AUTO)).toMatchObject({
      text: said.trim(),
      language: "en",
      // It ends where the audio does: 2 s here.
      segments: [{ startMs: 0, endMs: 2000, averageLogProbability: segment.avg_logprob, tokenCount: 5 }],
    });
  });

  it("in plain text where vLLM refuses details without a language", async () => {
    const engine = await open((response, { fields }) => {
      const asked = Object.fromEntries(fields);
      if (asked.response_format === "json") answer(response, 200, { text: "Good day." });
      else if (asked.language) answer(response, 200, VERBOSE);
      else answer(response, 400, { error: { message: "language: Input should be a valid string" } });
    });
    expect(await engine.transcribe(AUDIO, AUTO)).toMatchObject({ text: "Good day.", language: "auto" });
    expect(engine.unavailable).toBeUndefined();
    expect((await engine.transcribe(AUDIO, { language: "de" })).segments).toHaveLength(2);
  });

  it("with nonsense beside the text keeps the text", async () => {
    const engine = await open(verbose);
    endpoint.script = (response) =>
      answer(response, 200, { text: "hello", language: 7, segments: [{ no: "times" }], words: 5 });
    expect(await engine.transcribe(AUDIO, { language: "en" })).toMatchObject({ text: "hello", language: "en" });
  });

  it("that is no transcription is an error that says what REMOTE_URL must be", async () => {
    const engine = await open(verbose);
    endpoint.script = (response) => answer(response, 200, "<html>welcome</html>");
    expect((await failure(engine.transcribe(AUDIO, AUTO)))?.message).toMatch(/no transcription.*REMOTE_URL/);
  });
});

describe("a failure that passes", () => {
  it.each([408, 409, 429, 500, 502, 503])("is tried again: %i", async (status) => {
    const engine = await open(verbose);
    endpoint.script = (response, _request, index) =>
      index < 2 ? answer(response, status, { error: { message: "busy" } }) : answer(response, 200, VERBOSE);
    expect((await engine.transcribe(AUDIO, AUTO)).language).toBe("de");
    expect(endpoint.requests).toHaveLength(3);
    expect(endpoint.requests[2]!.wav.equals(endpoint.requests[0]!.wav)).toBe(true);
  });

  it("is tried again when the connection is cut, before and within the answer", async () => {
    const engine = await open(verbose);
    endpoint.script = (response, _request, index) => {
      if (index === 0) response.destroy();
      else if (index === 1) {
        response.writeHead(200, { "Content-Length": "1000" });
        response.write('{"text":');
        response.destroy();
      } else answer(response, 200, VERBOSE);
    };
    expect((await engine.transcribe(AUDIO, AUTO)).language).toBe("de");
    expect(endpoint.requests).toHaveLength(3);
  });

  it("is tried again when no answer comes in time, and the request is really given up", async () => {
    const engine = await open(verbose, { timeoutMs: 200 });
    endpoint.script = (response, _request, index) => {
      if (index > 0) answer(response, 200, VERBOSE);
    };
    expect((await engine.transcribe(AUDIO, AUTO)).language).toBe("de");
    await vi.waitFor(() => expect(endpoint.abandoned).toBe(1));
  });

  it("waits as long as the endpoint asks for", async () => {
    const engine = await open(verbose);
    const times: number[] = [];
    endpoint.script = (response, _request, index) => {
      times.push(performance.now());
      if (index === 0) answer(response, 429, {}, { "Retry-After": "0.3" });
      else answer(response, 200, VERBOSE);
    };
    await engine.transcribe(AUDIO, AUTO);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(290);
  });

  it("is not waited out when the endpoint asks for longer than an answer may take", async () => {
    const engine = await open(verbose);
    endpoint.script = (response) => answer(response, 429, { error: { message: "quota" } }, { "Retry-After": "3600" });
    expect((await failure(engine.transcribe(AUDIO, AUTO)))?.message).toContain("429: quota");
    expect(endpoint.requests).toHaveLength(1);
  });

  it("is told after the last try, and the engine counts as away until it answers", async () => {
    const engine = await open(verbose);
    endpoint.script = (response) => answer(response, 503, { error: { message: "overloaded" } });
    const error = await failure(engine.transcribe(AUDIO, AUTO));
    expect(error).toMatchObject({ code: "engine_failed", retryable: true });
    expect(error?.message).toContain(`${endpoint.url} answered 503: overloaded`);
    expect(endpoint.requests).toHaveLength(3);
    expect(engine.unavailable).toContain("503");
    endpoint.script = verbose;
    await engine.transcribe(AUDIO, AUTO);
    expect(engine.unavailable).toBeUndefined();
  });
});

describe("a failure that stays", () => {
  it("is not tried again, and the key is named and never shown", async () => {
    const engine = await open(verbose);
    endpoint.script = (response) => answer(response, 401, { error: { message: "bad key secret-key" } });
    const error = await failure(engine.transcribe(AUDIO, AUTO));
    expect(isSttError(error) && error.retryable).toBe(false);
    expect(error?.message).toMatch(/401.*REMOTE_API_KEY/);
    expect(error?.message).not.toContain("secret-key");
    expect(endpoint.requests).toHaveLength(1);
  });

  it.each([
    [404, /404: no such model.*REMOTE_URL and REMOTE_MODEL/],
    [400, /answered 400: no such model/],
  ])("repeats what the endpoint says: %i", async (status, says) => {
    const engine = await open(verbose);
    endpoint.script = (response) => answer(response, status, { error: { message: "no such model, secret-key" } });
    const error = await failure(engine.transcribe(AUDIO, AUTO));
    expect(error?.message).toMatch(says);
    expect(error?.message).not.toContain("secret-key");
  });

  it.each([
    [
      "faster-whisper-server",
      { detail: { error: { message: "unknown model: whisper-1", type: "invalid_request_error" } } },
      "unknown model: whisper-1",
    ],
    ["FastAPI", { detail: "Not enough room" }, "Not enough room"],
    [
      "pydantic",
      { detail: [{ type: "missing", loc: ["body", "file"], msg: "Field required", input: null }] },
      "file: Field required",
    ],
    [
      "vLLM",
      { error: { message: "Maximum file size exceeded", type: "BadRequestError", param: null, code: 400 } },
      "Maximum file size exceeded",
    ],
    [
      "vLLM until 0.10",
      { object: "error", message: "Invalid language", type: "BadRequestError", code: 400 },
      "Invalid language",
    ],
  ])("repeats the sentence and no brackets: %s", async (_, body, sentence) => {
    const engine = await open(verbose);
    endpoint.script = (response) => answer(response, 422, body);
    expect((await failure(engine.transcribe(AUDIO, { language: "en" })))?.message).toMatch(
      new RegExp(`answered 422: ${sentence}\\.$`),
    );
  });

  it("is told when the server starts: nobody there", async () => {
    endpoint = await ScriptedEndpoint.start(verbose);
    const gone = await ScriptedEndpoint.start(verbose);
    const { url } = gone;
    await gone.close();
    const opening = RemoteEngine.open({
      url,
      apiKey: "",
      model: "m",
      timeoutMs: 1000,
      retries: 1,
      concurrency: 1,
      random: () => 0,
    });
    expect((await failure(opening))?.message).toMatch(/could not be reached: .*ECONNREFUSED.*REMOTE_URL/);
  });
});

describe("many requests", () => {
  it("are sent only so many at a time", async () => {
    const engine = await open(verbose, { concurrency: 2 });
    endpoint.peakOpen = 0;
    endpoint.script = (response) => void setTimeout(() => answer(response, 200, VERBOSE), 20);
    await Promise.all(Array.from({ length: 6 }, () => engine.transcribe(AUDIO, AUTO)));
    expect(endpoint.peakOpen).toBe(2);
  });

  it("that are cancelled are given up, running and waiting, and leave room for others", async () => {
    const engine = await open(verbose, { concurrency: 1 });
    endpoint.script = () => {};
    const stop = new AbortController();
    const running = failure(engine.transcribe(AUDIO, AUTO, stop.signal));
    const waiting = failure(engine.transcribe(AUDIO, AUTO, stop.signal));
    await vi.waitFor(() => expect(endpoint.requests).toHaveLength(1));
    stop.abort();
    expect(await running).toMatchObject({ code: "aborted" });
    expect(await waiting).toMatchObject({ code: "aborted" });
    await vi.waitFor(() => expect(endpoint.abandoned).toBe(1));
    endpoint.script = verbose;
    expect((await engine.transcribe(AUDIO, AUTO)).language).toBe("de");
  });

  it("end with the engine, also in the pause before another try", async () => {
    const engine = await open(verbose);
    endpoint.script = (response) => answer(response, 503, {}, { "Retry-After": "4" });
    const call = failure(engine.transcribe(AUDIO, AUTO));
    await vi.waitFor(() => expect(endpoint.requests).toHaveLength(1));
    await engine.close();
    expect(await call).toMatchObject({ code: "aborted" });
    expect(await failure(engine.transcribe(AUDIO, AUTO))).toMatchObject({ code: "aborted" });
  });
});
