import { VAD_FRAME_SAMPLES } from "@stt/core";
import { describe, expect, it } from "vitest";
import { FramePool, NO_FRAME } from "../../src/vad/frame-pool.js";

const frameOf = (value: number) => new Float32Array(VAD_FRAME_SAMPLES).fill(value);

function contents(pool: FramePool, index: number): number {
  const target = new Float32Array(VAD_FRAME_SAMPLES + 3);
  pool.copyTo(index, target, 3);
  expect(target[2]).toBe(0);
  return target[3]!;
}

describe("the frame pool", () => {
  it("keeps every frame as it grows", () => {
    const pool = new FramePool();
    const indices = Array.from({ length: 1000 }, (_, i) => pool.add(frameOf(i), i & 3));
    expect(new Set(indices).size).toBe(1000);
    for (const [i, index] of indices.entries()) {
      expect(contents(pool, index)).toBe(i);
      expect(pool.flags[index]).toBe(i & 3);
    }
  });

  it("uses the room of released frames again", () => {
    const pool = new FramePool();
    const kept = pool.add(frameOf(7), 0);
    for (let i = 0; i < 10_000; i++) pool.release(pool.add(frameOf(i), 0));
    expect(pool.next.length).toBe(256);
    expect(contents(pool, kept)).toBe(7);
  });

  it("names the next frame of the list on release", () => {
    const pool = new FramePool();
    const [first, second] = [pool.add(frameOf(1), 0), pool.add(frameOf(2), 0)];
    pool.next[first] = second;
    expect(pool.release(first)).toBe(second);
    expect(pool.release(second)).toBe(NO_FRAME);
  });
});
