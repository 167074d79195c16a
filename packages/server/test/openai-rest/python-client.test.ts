/** OpenAI's Python client, its newest, as it comes from PyPI. */
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BASE_MODEL, human } from "../support/human.js";
import { python, testPython, WITHOUT_PYTHON } from "../support/python-clients.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const SCRIPT = `
import asyncio, base64, json, sys
from openai import AsyncOpenAI, OpenAI, BadRequestError
base, path = sys.argv[1:]
client = OpenAI(base_url=base, api_key="none", max_retries=0)
out = {}
with open(path, "rb") as file:
    audio = file.read()
def create(**params):
    return client.audio.transcriptions.create(file=("speech.wav", audio), model="gpt-transcribe", **params)
out["json"] = create(language="en").text
verbose = create(response_format="verbose_json", timestamp_granularities=["word", "segment"])
out["verbose"] = {"language": verbose.language, "duration": verbose.duration, "words": [w.word for w in verbose.words], "segments": len(verbose.segments)}
out["languages"] = create(languages=["en", "ru"]).text
out["srt"] = create(response_format="srt")
out["stream"] = [event.type for event in create(stream=True)]
out["models"] = [model.id for model in client.models.list()]
try:
    create(temperature=3)
except BadRequestError as error:
    out["refused"] = error.param
async def realtime():
    texts = []
    deltas = 0
    async with AsyncOpenAI(base_url=base, api_key="none").realtime.connect(model="gpt-live-transcribe", extra_query={"intent": "transcription"}) as connection:
        await connection.session.update(session={"type": "transcription", "audio": {"input": {
            "format": {"type": "audio/pcm", "rate": 24000},
            "transcription": {"model": "gpt-live-transcribe", "language": "en", "delay": "minimal"},
            "turn_detection": {"type": "semantic_vad", "eagerness": "high"}}}})
        samples = memoryview(audio[44:]).cast("h")
        # From 16 to 24 kHz: every second sample twice is enough for this.
        pcm = b"".join(int(s).to_bytes(2, "little", signed=True) * (1 + i % 2) for i, s in enumerate(samples)) + bytes(24000 * 2 * 3)
        for at in range(0, len(pcm), 4800):
            await connection.input_audio_buffer.append(audio=base64.b64encode(pcm[at:at + 4800]).decode())
        async for event in connection:
            if event.type == "session.updated":
                out["delay"] = event.session.audio.input.transcription.delay
                out["eagerness"] = event.session.audio.input.turn_detection.eagerness
            if event.type == "error":
                raise RuntimeError(event.error.message)
            if event.type == "conversation.item.input_audio_transcription.completed":
                texts.append(event.transcript)
                break
    out["realtime"] = " ".join(texts)
asyncio.run(asyncio.wait_for(realtime(), 60))
print(json.dumps(out))`;

let target: TestServer;
beforeAll(async () => {
  if (testPython) target = await createTestServer(BASE_MODEL);
}, 120_000);
afterAll(() => target?.server.close());

describe.skipIf(!testPython)(`openai of PyPI${WITHOUT_PYTHON}`, () => {
  it("parses every answer, files and realtime", { timeout: 150_000 }, async () => {
    const recording = human("en_austen_amiable");
    const out = JSON.parse(await python(SCRIPT, `${target.http}/v1`, recording.path));
    const errors = (text: string) => wordErrorRate(recording.text, text).errors;
    expect([out.json, out.languages, out.realtime].map(errors), JSON.stringify(out)).toEqual([0, 0, 0]);
    expect(out.verbose).toMatchObject({ language: "english", segments: expect.any(Number) });
    expect(errors(out.verbose.words.join(" "))).toBe(0);
    expect(out.srt).toMatch(/^1\n00:00:/);
    expect(out.stream.at(-1)).toBe("transcript.text.done");
    expect(out.models).toContain("gpt-transcribe");
    expect(out).toMatchObject({ refused: "temperature", delay: "minimal", eagerness: "high" });
  });
});
