/** RealtimeSTT's own client of PyPI on a person's voice; its microphone plays a recording. */
import { wordErrorRate } from "@stt/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BASE_MODEL, human } from "../support/human.js";
import { python, WITHOUT_PYTHON } from "../support/python-clients.js";
import { createTestServer, type TestServer } from "../support/test-server.js";

const SCRIPT = `
import json, os, sys, time, types, wave
# What only a sound card needs.
for name in ("pyaudio", "scipy", "scipy.signal"):
    sys.modules[name] = types.ModuleType(name)
for name in ("butter", "filtfilt", "resample_poly"):
    setattr(sys.modules["scipy.signal"], name, None)
sys.modules["pyaudio"].paInt16 = 8
from RealtimeSTT import audio_recorder_client as client

control, data, language, path = sys.argv[1:]

class Microphone:
    device_sample_rate = 16000
    def __init__(self, **options):
        with wave.open(path) as wav:
            self.pcm = wav.readframes(wav.getnframes())
        self.at = 0
    def setup(self):
        return True
    def read_chunk(self):
        time.sleep(1024 / 16000)
        chunk = self.pcm[self.at:self.at + 2048]
        self.at += 2048
        return chunk.ljust(2048, b"\\0")
    def cleanup(self):
        pass

client.AudioInput = Microphone
partials = []
recorder = client.AudioToTextRecorderClient(
    language=language, enable_realtime_transcription=True, on_realtime_transcription_update=partials.append,
    autostart_server=False, control_url=control, data_url=data)
silence = recorder.get_parameter("post_speech_silence_duration")
text = recorder.text()
print(json.dumps({"text": text, "partials": partials, "silence": silence}), flush=True)
os._exit(0)
`;

describe.skipIf(WITHOUT_PYTHON)(`the client of RealtimeSTT${WITHOUT_PYTHON}`, { timeout: 120_000 }, () => {
  let target: TestServer;
  beforeAll(async () => {
    target = await createTestServer({ ...BASE_MODEL, postSpeechSilenceDurationMs: 1200 });
  }, 120_000);
  afterAll(() => target?.server.close());

  it.each(["en_austen_selfish", "ru_invalid_number"])("gets the text of %s, and live text before it", async (name) => {
    const { path, text, language } = human(name);
    const { controlPort, dataPort } = target.ports;
    const urls = [controlPort, dataPort].map((port) => `ws://127.0.0.1:${port}`);
    const printed = await python(SCRIPT, ...urls, language, path);
    const told = JSON.parse(printed.split("\n").at(-1)!) as { text: string; partials: string[]; silence: number };
    expect(wordErrorRate(text, told.text).errors, told.text).toBe(0);
    expect(told.partials.length).toBeGreaterThan(0);
    expect(told.silence).toBe(1.2);
  });
});
