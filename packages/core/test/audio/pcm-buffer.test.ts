import { describe, expect, it } from "vitest";
import { PcmBuffer } from "../../src/audio/pcm-buffer.js";

/** One sample a millisecond, so that figures can be read. */
const FORMAT = { encoding: "pcm_s16le", sampleRate: 1000, channels: 1 } as const;

describe("PcmBuffer", () => {
  it("hands out what was appended before and after reading began, in order", async () => {
    const buffer = new PcmBuffer(FORMAT, 100, undefined);
    buffer.append(samples(1, 2));
    const reading = read(buffer);
    buffer.append(samples(3));
    await Promise.resolve();
    buffer.append(samples(4));
    buffer.end();
    expect(await reading).toEqual([1, 2, 3, 4]);
  });

  it("keeps no more than it may, the newest, and tells how many milliseconds had to go", async () => {
    const dropped: number[] = [];
    const buffer = new PcmBuffer(FORMAT, 3, (ms) => dropped.push(ms));
    buffer.append(samples(1, 2));
    buffer.append(samples(3, 4));
    buffer.append(samples(5));
    buffer.end();
    expect(dropped).toEqual([1, 1]);
    expect(await read(buffer)).toEqual([3, 4, 5]);
  });

  it("copies: a recorder may use its memory again", async () => {
    const buffer = new PcmBuffer(FORMAT, 100, undefined);
    const chunk = samples(7);
    buffer.append(chunk);
    chunk.fill(0);
    buffer.end();
    expect(await read(buffer)).toEqual([7]);
  });

  it("gives what is left before it fails, and takes nothing more", async () => {
    const buffer = new PcmBuffer(FORMAT, 100, undefined);
    buffer.append(samples(1));
    buffer.end(new Error("unplugged"));
    buffer.append(samples(2));
    const seen: number[] = [];
    await expect(
      (async () => {
        for await (const pcm of buffer.read()) seen.push(...numbers(pcm));
      })(),
    ).rejects.toThrow("unplugged");
    expect(seen).toEqual([1]);
  });
});

async function read(buffer: PcmBuffer): Promise<number[]> {
  const seen: number[] = [];
  for await (const pcm of buffer.read()) seen.push(...numbers(pcm));
  return seen;
}

function samples(...values: number[]): Uint8Array {
  return new Uint8Array(Int16Array.from(values).buffer);
}

function numbers(pcm: Uint8Array): number[] {
  return [...new Int16Array(pcm.slice().buffer)];
}
