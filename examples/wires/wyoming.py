# Home Assistant's own client with this server (pip install wyoming).
# After `WYOMING_PORT=10300 npm start`: python examples/wires/wyoming.py samples/human/en_kennedy.wav
import asyncio
import sys
import wave

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import wav_to_chunks
from wyoming.client import AsyncClient


async def main(path):
    async with AsyncClient.from_uri("tcp://localhost:10300") as client:
        await client.write_event(Transcribe(language="auto").event())
        with wave.open(path, "rb") as wav:
            for event in wav_to_chunks(wav, samples_per_chunk=1024, start_event=True, stop_event=True):
                await client.write_event(event.event())
        while event := await client.read_event():
            if Transcript.is_type(event.type):
                return print(Transcript.from_event(event).text)


asyncio.run(main(sys.argv[1]))
