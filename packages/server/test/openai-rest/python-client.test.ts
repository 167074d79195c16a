/** OpenAI's own client of PyPI on people's voices: files, translations, a stream and a realtime session. */
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BASE_MODEL, human } from "../support/human.js";
import { python, WITHOUT_PYTHON } from "../support/python-clients.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const KEY = "openai-python-test-0123456789abcdef";
const OPEN = `
import base64, json, sys, wave
from openai import APIStatusError, OpenAI
base, key, path, language = sys.argv[1:]
client = OpenAI(base_url=base, api_key=key, max_retries=0)
`;
const FILES = `${OPEN}
with open(path, "rb") as file:
    verbose = client.audio.transcriptions.create(file=file, model="whisper-1", language=language,
        response_format="verbose_json", timestamp_granularities=["word", "segment"])
with open(path, "rb") as file:
    srt = client.audio.transcriptions.create(file=file, model="whisper-1", language=language, response_format="srt")
with open(path, "rb") as file:
    english = client.audio.translations.create(file=file, model="whisper-1").text
with open(path, "rb") as file:
    events = [event.to_dict() for event in client.audio.transcriptions.create(
        file=file, model="gpt-4o-transcribe", language=language, stream=True)]
try:
    OpenAI(base_url=base, api_key="wrong", max_retries=0).models.list()
    refused = None
except APIStatusError as error:
    refused = [type(error).__name__, error.status_code, error.code]
print(json.dumps({"verbose": verbose.to_dict(), "srt": srt, "english": english, "events": events, "refused": refused,
                  "models": [model.id for model in client.models.list()]}))
`;
const REALTIME = `${OPEN}
with wave.open(path) as wav:
    pcm = wav.readframes(wav.getnframes())
# 16 to 24 kHz: every second sample twice.
samples = memoryview(pcm).cast("h")
wide = bytearray()
for at in range(len(samples)):
    wide += samples[at:at + 1].tobytes() * (1 + at % 2)
with client.realtime.connect(model="gpt-4o-transcribe") as connection:
    connection.session.update(session={"type": "transcription", "audio": {"input": {
        "format": {"type": "audio/pcm", "rate": 24000},
        "transcription": {"model": "gpt-4o-transcribe", "language": language},
        "turn_detection": None}}})
    for at in range(0, len(wide), 9600):
        connection.input_audio_buffer.append(audio=base64.b64encode(bytes(wide[at:at + 9600])).decode())
    connection.input_audio_buffer.commit()
    types, deltas = [], ""
    for event in connection:
        types.append(event.type)
        if event.type == "error":
            raise SystemExit(event.to_json())
        if event.type == "conversation.item.input_audio_transcription.delta":
            deltas += event.delta
        if event.type == "conversation.item.input_audio_transcription.completed":
            print(json.dumps({"text": event.transcript, "deltas": deltas, "types": types}))
            break
`;

describe.skipIf(WITHOUT_PYTHON)(`the openai client of PyPI${WITHOUT_PYTHON}`, { timeout: 120_000 }, () => {
  let target: TestServer;
  beforeAll(async () => {
    target = await createTestServer({ ...BASE_MODEL, apiKeys: `python:${KEY}` });
  }, 120_000);
  afterAll(() => target?.server.close());
  const run = async (script: string, { path, language }: { path: string; language: string }) =>
    JSON.parse(await python(script, `http://127.0.0.1:${target.ports.dataPort}/v1`, KEY, path, language));

  it("gets files as words, subtitles, a translation and a stream, and its errors", async () => {
    const spoken = human("ru_invalid_number");
    const { verbose, srt, english, events, refused, models } = await run(FILES, spoken);
    expect(wordErrorRate(spoken.text, verbose.text).errors).toBe(0);
    expect(verbose.words.length).toBeGreaterThan(2);
    expect(verbose.segments[0]).toMatchObject({ start: expect.any(Number), avg_logprob: expect.any(Number) });
    expect(srt).toContain("-->");
    expect(english).toMatch(/number/i);
    const last = events.at(-1);
    expect(last).toMatchObject({ type: "transcript.text.done", text: verbose.text });
    expect(
      events
        .slice(0, -1)
        .map(({ delta }: { delta?: string }) => delta ?? "")
        .join(""),
    ).toBe(last.text);
    expect(refused).toEqual(["AuthenticationError", 401, "unauthorized"]);
    expect(models).toContain("whisper-1");
  });

  it("gets the text of what is said in a realtime session", async () => {
    const spoken = human("en_austen_selfish");
    const { text, deltas, types } = await run(REALTIME, spoken);
    expect(wordErrorRate(spoken.text, text).errors).toBe(0);
    expect(deltas).toBe(text);
    expect(types).toEqual(
      expect.arrayContaining(["session.created", "session.updated", "input_audio_buffer.committed"]),
    );
  });
});
