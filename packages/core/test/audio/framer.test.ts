import { describe, expect, it } from "vitest";
import { Framer } from "../../src/audio/framer.js";
import { seededRandom } from "../../src/testing/index.js";

const ramp = (length: number) => Float32Array.from({ length }, (_, i) => i);

function collect(startOffset = 0) {
  const frames: { samples: number[]; offset: number; count: number }[] = [];
  const arrays = new Set<Float32Array>();
  const framer = new Framer((frame, offset, count) => {
    arrays.add(frame);
    frames.push({ samples: [...frame], offset, count });
  }, startOffset);
  return { framer, frames, arrays };
}

describe("Framer", () => {
  it("gives the same frames for any chunks", () => {
    const random = seededRandom(3);
    const input = ramp(5000);
    const whole = collect();
    whole.framer.push(input);
    const split = collect();
    for (let at = 0; at < input.length; ) {
      const size = Math.floor(random() * 900);
      split.framer.push(input.subarray(at, at + size));
      at += size;
    }
    expect(split.frames).toEqual(whole.frames);
    expect(whole.frames.map((frame) => frame.offset)).toEqual([0, 512, 1024, 1536, 2048, 2560, 3072, 3584, 4096]);
    expect(whole.frames[1]!.samples).toEqual([...input.subarray(512, 1024)]);
  });

  it("counts offsets from where it is told to", () => {
    const { framer, frames } = collect(1_000_000);
    framer.push(ramp(600));
    expect(frames[0]!.offset).toBe(1_000_000);
    expect(framer.offset).toBe(1_000_600);
    expect(framer.pending).toBe(88);
  });

  it("fills the last frame up with silence and says how much of it is audio", () => {
    const { framer, frames } = collect();
    framer.push(ramp(512 + 3).map(() => 1));
    framer.flush();
    framer.flush();
    expect(frames).toHaveLength(2);
    expect(frames[1]).toMatchObject({ offset: 512, count: 3 });
    expect(frames[1]!.samples.slice(0, 5)).toEqual([1, 1, 1, 0, 0]);
    expect(framer.offset).toBe(515);
  });

  it("goes on elsewhere after a reset", () => {
    const { framer, frames } = collect();
    framer.push(ramp(100));
    framer.reset(9000);
    framer.push(ramp(512));
    expect(frames).toHaveLength(1);
    expect(frames[0]).toMatchObject({ offset: 9000, count: 512 });
    expect(frames[0]!.samples[0]).toBe(0);
  });

  it("uses one array for all frames", () => {
    const { framer, arrays } = collect();
    framer.push(ramp(5120));
    expect(arrays.size).toBe(1);
  });
});
