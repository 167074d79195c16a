import { describe, expect, it } from "vitest";
import { ByteRing, SampleRing } from "../../src/audio/ring-buffer.js";
import type { AudioFormat } from "../../src/audio/source.js";
import { seededRandom } from "../../src/testing/index.js";

/** Samples whose value is their offset. */
const run = (from: number, to: number) => Float32Array.from({ length: to - from }, (_, i) => from + i);

describe("SampleRing", () => {
  it("gives back any range by absolute offset, whatever was written and forgotten before", () => {
    const random = seededRandom(11);
    const ring = new SampleRing(1000, 5000, 16);
    for (let turn = 0; turn < 2000; turn++) {
      ring.write(run(ring.end, ring.end + Math.floor(random() * 120)));
      if (random() < 0.3) ring.forgetBefore(ring.oldest + Math.floor(random() * 300));
      const from = ring.oldest + Math.floor(random() * ring.length);
      const to = from + Math.floor(random() * (ring.end - from + 1));
      expect(ring.read(from, to)).toEqual(run(from, to));
      expect(ring.length).toBeLessThanOrEqual(1000);
    }
  });

  it("tells the loudness of any range without copying it", () => {
    const random = seededRandom(5);
    const ring = new SampleRing(1000, 0, 16);
    for (let turn = 0; turn < 500; turn++) {
      ring.write(Float32Array.from({ length: Math.floor(random() * 120) }, () => 2 * random() - 1));
      const from = ring.oldest + Math.floor(random() * ring.length);
      const to = from + Math.floor(random() * (ring.end - from + 1));
      const samples = [...ring.read(from, to)];
      const energy = samples.reduce((sum, sample) => sum + sample * sample, 0);
      expect(ring.rms(from, to)).toBeCloseTo(Math.sqrt(energy / Math.max(1, samples.length)), 12);
    }
    expect(() => ring.rms(ring.end, ring.end + 1)).toThrow(/are held/);
  });

  it("pushes the oldest samples out when it is full", () => {
    const ring = new SampleRing(100, 0, 10);
    ring.write(run(0, 130));
    expect([ring.oldest, ring.end]).toEqual([30, 130]);
    ring.write(run(130, 500));
    expect([ring.oldest, ring.end]).toEqual([400, 500]);
    expect(ring.read(400, 500)).toEqual(run(400, 500));
  });

  it("costs little until it is used, and little again afterwards", () => {
    const ring = new SampleRing(480_000, 0, 1024);
    expect(ring.capacity).toBe(1024);
    ring.write(run(0, 300_000));
    expect(ring.capacity).toBeGreaterThanOrEqual(300_000);
    ring.forgetBefore(299_500);
    expect(ring.capacity).toBe(1024);
    expect(ring.read(299_500, 300_000)).toEqual(run(299_500, 300_000));
  });

  it("never grows when it is trimmed as it goes", () => {
    const ring = new SampleRing(480_000, 0, 32_768);
    for (let at = 0; at < 1_000_000; at += 512) {
      ring.write(run(at, at + 512));
      ring.forgetBefore(at + 512 - 16_000);
    }
    expect(ring.capacity).toBe(32_768);
  });

  it("refuses a range it does not hold, naming what it holds", () => {
    const ring = new SampleRing(100);
    ring.write(run(0, 150));
    expect(() => ring.read(40, 60)).toThrow("Samples 40 to 60 were asked for, but 50 to 150 are held.");
    expect(() => ring.read(140, 151)).toThrow(/are held/);
    expect(ring.has(50, 150)).toBe(true);
  });

  it("reads into an array of the caller", () => {
    const ring = new SampleRing(100);
    ring.write(run(0, 10));
    const out = new Float32Array(20);
    expect(ring.read(2, 5, out)).toBe(out);
    expect([...out.subarray(0, 4)]).toEqual([2, 3, 4, 0]);
  });

  it("forgets nothing that was not written yet", () => {
    const ring = new SampleRing(100);
    ring.write(run(0, 10));
    ring.forgetBefore(50);
    expect([ring.oldest, ring.end]).toEqual([10, 10]);
  });
});

describe("ByteRing", () => {
  const format: AudioFormat = { encoding: "pcm_s16le", sampleRate: 1000, channels: 1 };
  /** 16-bit samples whose value is their offset. */
  const pcm = (from: number, to: number) =>
    new Uint8Array(Int16Array.from({ length: to - from }, (_, i) => from + i).buffer);
  const offsetsFrom = (ring: ByteRing, offset: number) =>
    [...ring.from(offset)].flatMap((chunk) => [...new Int16Array(chunk.pcm.slice().buffer)]);
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

  it("replays everything from an offset, to the sample", () => {
    const ring = new ByteRing(format, 60_000);
    for (let at = 0; at < 1000; at += 100) expect(ring.append(pcm(at, at + 100))).toBeUndefined();
    expect(offsetsFrom(ring, 0)).toEqual(range(0, 1000));
    expect(offsetsFrom(ring, 350)).toEqual(range(350, 1000));
    expect([...ring.from(350)][0]).toMatchObject({ offset: 350, samples: 50 });
    expect(offsetsFrom(ring, 1000)).toEqual([]);
  });

  it("forgets to the sample", () => {
    const ring = new ByteRing(format, 60_000);
    ring.append(pcm(0, 100));
    ring.append(pcm(100, 200));
    ring.forgetBefore(130);
    expect(ring.oldest).toBe(130);
    expect(ring.length).toBe(70);
    expect(offsetsFrom(ring, 0)).toEqual(range(130, 200));
  });

  it("stays within its bound and reports exactly what it dropped", () => {
    const ring = new ByteRing(format, 250);
    expect(ring.append(pcm(0, 200))).toBeUndefined();
    expect(ring.append(pcm(200, 300))).toEqual({ from: 0, to: 50 });
    expect(ring.append(pcm(300, 400))).toEqual({ from: 50, to: 150 });
    expect(offsetsFrom(ring, 0)).toEqual(range(150, 400));
  });

  it("lets nothing go while it holds, and then no more than it lets in", () => {
    const ring = new ByteRing(format, 100);
    ring.append(pcm(0, 100));
    ring.hold();
    expect(ring.append(pcm(100, 150))).toBeUndefined();
    ring.settle();
    expect(ring.append(pcm(150, 160))).toEqual({ from: 0, to: 10 });
    ring.forgetBefore(40);
    expect(ring.append(pcm(160, 170))).toEqual({ from: 40, to: 50 });
    ring.forgetBefore(100);
    expect(ring.append(pcm(170, 200))).toBeUndefined();
    expect(ring.append(pcm(200, 210))).toEqual({ from: 100, to: 110 });
    ring.hold();
    ring.append(pcm(210, 300));
    ring.release();
    expect(offsetsFrom(ring, ring.oldest)).toEqual(range(200, 300));
  });

  it("keeps its own copy of what it is given", () => {
    const ring = new ByteRing(format, 250);
    const chunk = pcm(0, 10);
    ring.append(chunk);
    chunk.fill(0xff);
    expect(offsetsFrom(ring, 0)).toEqual(range(0, 10));
  });

  it("can be written to and trimmed while it is replayed", () => {
    const ring = new ByteRing(format, 60_000);
    ring.append(pcm(0, 100));
    const seen: number[] = [];
    for (const chunk of ring.from(0)) {
      seen.push(chunk.offset);
      if (ring.end < 300) ring.append(pcm(ring.end, ring.end + 100));
      ring.forgetBefore(chunk.offset + chunk.samples);
    }
    expect(seen).toEqual([0, 100, 200]);
  });

  it("does not slow down or grow over a long session", () => {
    const ring = new ByteRing(format, 100);
    for (let at = 0; at < 30_000; at += 10) ring.append(pcm(at, at + 10));
    expect([...ring.from(0)]).toHaveLength(10);
    expect(ring.oldest).toBe(29_900);
  });

  it("counts sample frames, not bytes, for two float channels", () => {
    const ring = new ByteRing({ encoding: "pcm_f32le", sampleRate: 1000, channels: 2 }, 1000);
    ring.append(new Uint8Array(80));
    expect(ring.end).toBe(10);
    expect(() => ring.append(new Uint8Array(12))).toThrow(/8-byte sample frames/);
  });
});
