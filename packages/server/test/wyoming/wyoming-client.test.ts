/** The client of Home Assistant, the package `wyoming` of PyPI, on people's voices. */
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../support/free-port.js";
import { BASE_MODEL, human } from "../support/human.js";
import { python, WITHOUT_PYTHON } from "../support/python-clients.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const KEY = "wyoming-test-0123456789abcdef0123";
const SCRIPT = `
import asyncio, json, sys, wave
from wyoming.asr import Transcribe, Transcript, TranscriptChunk, TranscriptStart, TranscriptStop
from wyoming.audio import wav_to_chunks, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.info import Describe, Info

async def main(port, *files):
    async with AsyncClient.from_uri(f"tcp://127.0.0.1:{port}") as client:
        await client.write_event(Describe().event())
        info = Info.from_event(await client.read_event())
        print(json.dumps({"program": info.asr[0].name, "languages": info.asr[0].models[0].languages,
                          "streams": info.asr[0].supports_transcript_streaming}))
        for pair in files:
            language, path = pair.split("=", 1)
            await client.write_event(Transcribe(language=language).event())
            with wave.open(path, "rb") as wav:
                for event in wav_to_chunks(wav, samples_per_chunk=1024, start_event=True, stop_event=True):
                    await client.write_event(event.event())
            types, chunks = [], ""
            while True:
                event = await client.read_event()
                types.append(event.type)
                if TranscriptChunk.is_type(event.type):
                    chunks += TranscriptChunk.from_event(event).text
                elif Transcript.is_type(event.type):
                    transcript = Transcript.from_event(event)
                elif TranscriptStop.is_type(event.type):
                    break
            print(json.dumps({"text": transcript.text, "language": transcript.language, "chunks": chunks, "types": types}))

asyncio.run(main(*sys.argv[1:]))
`;

let target: TestServer;
let port: number;
beforeAll(async () => {
  port = await freePort();
  target = await createTestServer({ ...BASE_MODEL, wyomingPort: port, apiKeys: `home:${KEY}`, wyomingKey: KEY });
}, 120_000);
afterAll(() => target?.server.close());

describe.skipIf(WITHOUT_PYTHON)(`the client of Home Assistant${WITHOUT_PYTHON}`, () => {
  it("finds the program, and gets the text of one recording after the other on one connection", async () => {
    const recordings = [human("ru_invalid_number"), human("en_austen_selfish")];
    const printed = await python(
      SCRIPT,
      String(port),
      ...recordings.map(({ language, path }) => `${language}=${path}`),
    );
    const [info, ...transcripts] = printed.split("\n").map((line) => JSON.parse(line));
    expect(info).toMatchObject({ program: "stt-server", streams: true });
    expect(info.languages).toEqual(expect.arrayContaining(["en", "ru"]));
    expect(transcripts).toHaveLength(recordings.length);
    for (const [i, { text, language }] of recordings.entries()) {
      const transcript = transcripts[i];
      expect(wordErrorRate(text, transcript.text).errors, transcript.text).toBe(0);
      expect(transcript).toMatchObject({ language, chunks: transcript.text });
      expect(transcript.types.at(0)).toBe("transcript-start");
      expect(transcript.types.slice(-2)).toEqual(["transcript", "transcript-stop"]);
    }
  }, 120_000);
});
