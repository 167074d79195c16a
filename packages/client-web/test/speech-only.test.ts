import type { AudioSource, SourceHost } from "@stt/core";
import { FakeVad } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { type SpeechOnlyOptions, speechOnly } from "../src/vad/index.js";

const FRAME = 512;

/** A source whose n-th frame is filled with the number n, in uneven chunks. */
function countingSource(frames: number, extraSamples = 0): AudioSource {
  const pcm = new Int16Array(frames * FRAME + extraSamples);
  for (let i = 0; i < pcm.length; i++) pcm[i] = Math.floor(i / FRAME);
  const bytes = new Uint8Array(pcm.buffer);
  return {
    format: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 },
    durationMs: pcm.length / 16,
    async *chunks() {
      for (let from = 0; from < bytes.length; from += 700) yield bytes.subarray(from, from + 700);
    },
    close: async () => {},
  };
}

/** What comes out, as numbers of frames and what the recording is asked for, in order. */
async function run(
  probability: (frame: number) => number,
  options: Partial<SpeechOnlyOptions>,
  source = countingSource(30),
): Promise<(number | string)[]> {
  const vad = new FakeVad({ probability: (_, index) => probability(index) });
  const log: (number | string)[] = [];
  const host: SourceHost = {
    setAvailable: () => {},
    skip: (samples) => log.push(samples === 0 ? "end" : `skip ${samples / FRAME}`),
  };
  const speech = speechOnly(source, { vad, preRollMs: 64, hangoverMs: 96, ...options });
  speech.attach?.(host);
  for await (const pcm of speech.chunks(new AbortController().signal))
    log.push(new Int16Array(pcm.buffer, pcm.byteOffset)[0]!);
  expect(vad.openStreams).toBe(0);
  return log;
}

const speechAt =
  (...ranges: [number, number][]) =>
  (frame: number) =>
    ranges.some(([from, to]) => frame >= from && frame < to) ? 0.9 : 0.1;

describe("speechOnly", () => {
  it("sends speech with what leads up to it and what follows, and says what it left out", async () => {
    expect(await run(speechAt([5, 8], [20, 22]), {})).toEqual([
      "skip 3",
      ...[3, 4, 5, 6, 7, 8, 9, 10],
      "end",
      "skip 7",
      ...[18, 19, 20, 21, 22, 23, 24],
      "end",
    ]);
  });

  it("leaves out nothing of speech from the first sample to the last, not even half a frame", async () => {
    const source = countingSource(4, 100);
    expect(await run(() => 0.9, {}, source)).toEqual([0, 1, 2, 3, 4]);
  });

  it("sends nothing of silence", async () => {
    expect(await run(() => 0.1, {}, countingSource(10, 5))).toEqual([]);
  });

  it("needs more certainty to begin than to go on", async () => {
    expect(await run((frame) => (frame === 2 ? 0.6 : 0.4), {}, countingSource(6))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(await run(() => 0.4, {}, countingSource(6))).toEqual([]);
  });

  it("keeps everything else of its source", () => {
    const microphone = Object.assign(countingSource(1), {
      state: "live",
      listeners: 0,
      on() {
        this.listeners++;
      },
    });
    const speech = speechOnly(microphone, { vad: new FakeVad() });
    speech.on();
    microphone.state = "muted";
    expect(speech).toMatchObject({ listeners: 1, state: "muted", durationMs: 32 });
  });

  it("fails with its detector", async () => {
    const vad = new FakeVad();
    await vad.close();
    const { chunks } = speechOnly(countingSource(3), { vad });
    await expect(chunks(new AbortController().signal)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: "invalid_state",
    });
  });

  it("refuses other formats", () => {
    const stereo = {
      ...countingSource(1),
      format: { encoding: "pcm_f32le", sampleRate: 48_000, channels: 2 },
    } as const;
    expect(() => speechOnly(stereo, { vad: new FakeVad() })).toThrow("16 kHz mono");
  });
});
