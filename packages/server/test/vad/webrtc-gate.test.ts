import { describe, expect, it } from "vitest";
import { type PreFilter, WebRtcGate, type WebRtcMode, webRtcModeOf } from "../../src/vad/webrtc-gate.js";
import { readSample } from "../support/wav.js";
import { framesOf, whiteNoise } from "./support.js";

function shareHeard(preFilter: PreFilter, audio: Float32Array): number {
  const frames = framesOf(audio);
  return frames.filter((frame) => preFilter.mayContainSpeech(frame)).length / frames.length;
}

describe("the WebRTC gate", () => {
  it("hears speech and passes over silence in every mode", async () => {
    for (const mode of [0, 1, 2, 3] as const) {
      const gate = await WebRtcGate.create(mode);
      expect(shareHeard(gate.createPreFilter(), readSample("en_paragraph_1.wav"))).toBeGreaterThan(0.5);
      expect(shareHeard(gate.createPreFilter(), whiteNoise(160000, -65))).toBeLessThan(0.05);
      expect(shareHeard(gate.createPreFilter(), new Float32Array(16000))).toBe(0);
    }
  });

  it("lets less noise through the higher the mode", async () => {
    const shares: number[] = [];
    for (const mode of [0, 1, 2, 3] as const) {
      shares.push(shareHeard((await WebRtcGate.create(mode)).createPreFilter(), readSample("noise_20s.wav")));
    }
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
    expect(shares[3]).toBeLessThan(shares[0]! / 4);
  });

  it("keeps streams apart and starts one anew on reset, in the same mode", async () => {
    const gate = await WebRtcGate.create(3);
    const noise = framesOf(readSample("noise_20s.wav"));
    const alone = gate.createPreFilter();
    const expected = noise.map((frame) => alone.mayContainSpeech(frame));
    const [one, other] = [gate.createPreFilter(), gate.createPreFilter()];
    const speech = framesOf(readSample("en_paragraph_1.wav"));
    const interleaved = noise.map((frame, i) => {
      other.mayContainSpeech(speech[i % speech.length]!);
      return one.mayContainSpeech(frame);
    });
    expect(interleaved).toEqual(expected);
    other.reset();
    expect(noise.map((frame) => other.mayContainSpeech(frame))).toEqual(expected);
  });

  it("gives a closed stream's memory back", async () => {
    const gate = await WebRtcGate.create(3);
    const before = gate.memoryBytes;
    // 744 bytes each: never freed, these would need 74 MB, and the memory starts at 17.
    for (let round = 0; round < 10; round++) {
      const preFilters = Array.from({ length: 10_000 }, () => gate.createPreFilter());
      for (const preFilter of preFilters) preFilter.close();
    }
    expect(gate.memoryBytes).toBe(before);
  });

  it("takes WEBRTC_SENSITIVITY on either scale", () => {
    const modes: [sensitivity: number, mode: WebRtcMode][] = [
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [4, 3],
    ];
    for (const [sensitivity, mode] of modes) expect(webRtcModeOf(sensitivity)).toBe(mode);
  });

  it("refuses a mode WebRTC does not have", async () => {
    await expect(WebRtcGate.create(4 as WebRtcMode)).rejects.toThrow(/0, 1, 2 or 3, not 4/);
  });
});
