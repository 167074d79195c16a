import { isSttError, VAD_FRAME_SAMPLES, type VadListener, type VadStream } from "@stt/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SileroVad } from "../../src/vad/silero-vad.js";
import { readSample } from "../support/wav.js";
import { referenceProbabilities } from "./reference.js";
import { concat, framesOf, probabilitiesOf, whiteNoise } from "./support.js";

const speech = framesOf(readSample("en_paragraph_1.wav"));
const otherSpeech = framesOf(readSample("ru_paragraph_1.wav"));
const quiet = framesOf(whiteNoise(16000, -65));
const ignore: VadListener = { onProbability() {}, onError() {} };

function worstDifference(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

describe("Silero VAD", () => {
  let vad: SileroVad;
  beforeAll(async () => {
    vad = await SileroVad.create();
  });
  afterAll(() => vad.close());

  it("is sure of speech, and sure of silence before and after it", async () => {
    const silence = new Float32Array(32000);
    const audio = concat(silence, readSample("en_01.wav"), silence);
    const probabilities = await probabilitiesOf(vad, framesOf(audio));
    expect(Math.max(...probabilities)).toBeGreaterThan(0.99);
    expect(Math.max(...probabilities.slice(0, 60))).toBeLessThan(0.1);
    expect(Math.max(...probabilities.slice(-30))).toBeLessThan(0.1);
  });

  it("judges as the model's authors do, with the samples before each frame in sight", async () => {
    const audio = readSample("en_paragraph_1.wav");
    const probabilities = await probabilitiesOf(vad, speech);
    expect(worstDifference(probabilities, await referenceProbabilities(audio))).toBeLessThan(1e-4);
    // The trap that this holds shut: without them the model runs, too, and never hears speech.
    expect(Math.max(...(await referenceProbabilities(audio, 0)))).toBeLessThan(0.5);
  });

  it("hears speech for most of a spoken paragraph in either language", async () => {
    for (const frames of [speech, otherSpeech]) {
      const probabilities = await probabilitiesOf(vad, frames);
      const heard = probabilities.filter((probability) => probability > 0.5).length / probabilities.length;
      expect(heard).toBeGreaterThan(0.4);
    }
  });

  it("does not take noise for speech", async () => {
    const probabilities = await probabilitiesOf(vad, framesOf(readSample("noise_20s.wav")));
    expect(probabilities.filter((probability) => probability > 0.5)).toEqual([]);
  });

  it("gives each of many streams seen together what it gives a stream alone", async () => {
    const alone = [
      await probabilitiesOf(vad, speech),
      await probabilitiesOf(vad, otherSpeech),
      await probabilitiesOf(vad, quiet),
    ];
    const inputs = [speech, otherSpeech, quiet];
    const together = await Promise.all(Array.from({ length: 30 }, (_, i) => probabilitiesOf(vad, inputs[i % 3]!)));
    for (const [i, probabilities] of together.entries()) {
      expect(worstDifference(probabilities, alone[i % 3]!)).toBeLessThan(1e-4);
    }
  });

  it("answers once per frame, counting the backlog down to zero", async () => {
    const backlogs: number[] = [];
    await new Promise<void>((resolve) => {
      const stream: VadStream = vad.createStream({
        onProbability() {
          backlogs.push(stream.backlog);
          if (stream.backlog === 0) resolve();
        },
        onError() {},
      });
      for (const frame of speech.slice(0, 20)) stream.push(frame);
      expect(stream.backlog).toBe(20);
      expect(vad.backlog).toBe(20);
    });
    expect(backlogs).toEqual(Array.from({ length: 20 }, (_, i) => 19 - i));
    expect(vad.backlog).toBe(0);
  });

  it("keeps its own copy of a frame", async () => {
    const frames = speech.slice(0, 40);
    const expected = await probabilitiesOf(vad, frames);
    const reused = new Float32Array(VAD_FRAME_SAMPLES);
    const probabilities = await new Promise<number[]>((resolve) => {
      const heard: number[] = [];
      const stream = vad.createStream({
        onProbability: (probability) => heard.push(probability) === frames.length && resolve(heard),
        onError() {},
      });
      for (const frame of frames) {
        reused.set(frame);
        stream.push(reused);
      }
      reused.fill(0);
    });
    expect(worstDifference(probabilities, expected)).toBeLessThan(1e-4);
  });

  it("starts anew after a reset and still reports the frames before it", async () => {
    const fresh = await probabilitiesOf(vad, speech.slice(50, 100));
    const all = await new Promise<number[]>((resolve) => {
      const heard: number[] = [];
      const stream = vad.createStream({
        onProbability: (probability) => heard.push(probability) === 100 && resolve(heard),
        onError() {},
      });
      for (const frame of speech.slice(0, 50)) stream.push(frame);
      stream.reset();
      for (const frame of speech.slice(50, 100)) stream.push(frame);
    });
    expect(worstDifference(all.slice(50), fresh)).toBeLessThan(1e-4);
    expect(worstDifference(all.slice(50), (await probabilitiesOf(vad, speech)).slice(50, 100))).toBeGreaterThan(0.01);
  });

  it("gives a stream that takes a closed one's place a clean state", async () => {
    const expected = await probabilitiesOf(vad, otherSpeech.slice(0, 60));
    const first = vad.createStream(ignore);
    for (const frame of speech.slice(0, 60)) first.push(frame);
    first.close();
    expect(worstDifference(await probabilitiesOf(vad, otherSpeech.slice(0, 60)), expected)).toBeLessThan(1e-4);
  });

  it("reports nothing after close, even with a batch under way, and leaves the others alone", async () => {
    let reported = 0;
    const stream = vad.createStream({ onProbability: () => reported++, onError: () => reported++ });
    const neighbour = probabilitiesOf(vad, speech.slice(0, 30));
    for (const frame of speech.slice(0, 30)) stream.push(frame);
    stream.close();
    stream.close();
    stream.push(speech[0]!);
    stream.reset();
    expect(stream.backlog).toBe(0);
    expect(await neighbour).toHaveLength(30);
    expect(reported).toBe(0);
    expect(vad.backlog).toBe(0);
  });

  it("can be closed from inside a probability", async () => {
    let reported = 0;
    const stream: VadStream = vad.createStream({
      onProbability() {
        reported++;
        stream.close();
      },
      onError() {},
    });
    for (const frame of speech.slice(0, 10)) stream.push(frame);
    await probabilitiesOf(vad, speech.slice(0, 30));
    expect(reported).toBe(1);
  });

  it("accepts pushes from inside a probability, in order", async () => {
    const expected = await probabilitiesOf(vad, speech.slice(0, 40));
    const heard = await new Promise<number[]>((resolve) => {
      const probabilities: number[] = [];
      const stream: VadStream = vad.createStream({
        onProbability(probability) {
          const count = probabilities.push(probability);
          if (count < 40) stream.push(speech[count]!);
          else resolve(probabilities);
        },
        onError() {},
      });
      stream.push(speech[0]!);
    });
    expect(worstDifference(heard, expected)).toBeLessThan(1e-4);
  });

  it("tells a listener that throws of its own fault and goes on with the others", async () => {
    const errors: unknown[] = [];
    const stream = vad.createStream({
      onProbability() {
        throw new Error("broken session");
      },
      onError: (error) => errors.push(error),
    });
    stream.push(speech[0]!);
    stream.push(speech[1]!);
    expect(await probabilitiesOf(vad, speech.slice(0, 20))).toHaveLength(20);
    expect(errors).toHaveLength(1);
    expect(isSttError(errors[0]) && errors[0].message).toContain("broken session");
  });

  it("refuses a frame of another length", () => {
    const stream = vad.createStream(ignore);
    expect(() => stream.push(new Float32Array(480))).toThrow(/512 samples, not 480/);
    expect(stream.backlog).toBe(0);
    stream.close();
  });

  it("is not deafened by samples that are no numbers", async () => {
    const broken = new Float32Array(VAD_FRAME_SAMPLES).fill(Number.NaN);
    const probabilities = await probabilitiesOf(vad, [broken, ...speech]);
    expect(probabilities[0]).toBeLessThan(0.1);
    expect(Math.max(...probabilities)).toBeGreaterThan(0.99);
  });

  it("serves thousands of open streams", async () => {
    let probabilities = 0;
    const streams: VadStream[] = [];
    await new Promise<void>((resolve) => {
      const listener: VadListener = { onProbability: () => ++probabilities === 3000 && resolve(), onError() {} };
      for (let i = 0; i < 3000; i++) streams.push(vad.createStream(listener));
      for (const stream of streams) stream.push(speech[60]!);
    });
    expect(vad.backlog).toBe(0);
    for (const stream of streams) stream.close();
    expect(await probabilitiesOf(vad, speech.slice(0, 5))).toHaveLength(5);
  });

  it("leaves the event loop free while it judges", async () => {
    let turns = 0;
    let running = true;
    const turn = () => {
      turns++;
      if (running) setImmediate(turn);
    };
    setImmediate(turn);
    await Promise.all(Array.from({ length: 128 }, () => probabilitiesOf(vad, speech.slice(0, 4))));
    running = false;
    // A few dozen if the inference held the loop between them; thousands when it is on its own thread.
    expect(turns).toBeGreaterThan(500);
  });
});

describe("Silero VAD under load", () => {
  let vad: SileroVad;
  afterEach(() => vad.close());

  it("gives a stream with hundreds of frames waiting no more than its turn", async () => {
    vad = await SileroVad.create({ maxBatch: 4 });
    let flooded = 0;
    const flood = vad.createStream({ onProbability: () => flooded++, onError() {} });
    for (const frame of speech.slice(0, 300)) flood.push(frame);
    await Promise.all(Array.from({ length: 8 }, () => probabilitiesOf(vad, quiet.slice(0, 1))));
    // Nine streams and four rows: everyone's turn comes within three batches.
    expect(flooded).toBeLessThanOrEqual(4);
  });

  it("never puts more streams into a batch than allowed, nor one stream twice", async () => {
    const batches: number[] = [];
    vad = await SileroVad.create({ maxBatch: 4, onBatch: ({ frames }) => batches.push(frames) });
    await Promise.all([
      probabilitiesOf(vad, speech.slice(0, 20)),
      ...Array.from({ length: 9 }, () => probabilitiesOf(vad, quiet.slice(0, 2))),
    ]);
    expect(Math.max(...batches)).toBe(4);
    expect(batches.length).toBeGreaterThanOrEqual(20);
    expect(batches.reduce((sum, frames) => sum + frames, 0)).toBe(20 + 18);
  });

  it("fills batches when many streams speak at once", async () => {
    const batches: number[] = [];
    vad = await SileroVad.create({ onBatch: ({ frames }) => batches.push(frames) });
    await Promise.all(Array.from({ length: 200 }, () => probabilitiesOf(vad, speech.slice(0, 5))));
    expect(1000 / batches.length).toBeGreaterThan(50);
  });

  it("says nothing more once closed, and refuses new streams", async () => {
    vad = await SileroVad.create();
    let reported = 0;
    const stream = vad.createStream({ onProbability: () => reported++, onError: () => reported++ });
    for (const frame of speech.slice(0, 50)) stream.push(frame);
    await Promise.all([vad.close(), vad.close()]);
    stream.push(speech[0]!);
    expect(reported).toBe(0);
    expect(() => vad.createStream(ignore)).toThrow(/closed/);
  });

  it("refuses a batch size that is none", async () => {
    vad = await SileroVad.create();
    await expect(SileroVad.create({ maxBatch: 0 })).rejects.toThrow(/maxBatch/);
  });
});
