import type { Fvad } from "@echogarden/fvad-wasm";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { WebRtcGate } from "../../src/vad/webrtc-gate.js";
import { readSample } from "../support/wav.js";
import { concat, framesOf, whiteNoise } from "./support.js";

const PIECES = 3;
const calls = vi.hoisted(() => ({ pieces: 0 }));
vi.mock("@echogarden/fvad-wasm", async (original) => {
  const { default: create } = await original<typeof import("@echogarden/fvad-wasm")>();
  return {
    default: async () => {
      const count = (fvad: Fvad): Fvad["_fvad_process"] => {
        return (...piece) => {
          calls.pieces++;
          return fvad._fvad_process(...piece);
        };
      };
      // Emscripten replaces its exports at their first call, so that a wrapper put in their place would be lost.
      return new Proxy(await create(), {
        get: (fvad, name) => (name === "_fvad_process" ? count(fvad) : Reflect.get(fvad, name)),
      });
    },
  };
});

describe("the WebRTC gate in a steady background", () => {
  beforeEach(() => {
    calls.pieces = 0;
  });

  it("judges about every fourth frame of a quiet room", async () => {
    const preFilter = (await WebRtcGate.create(3)).createPreFilter();
    const room = framesOf(whiteNoise(10 * 16000, -60));
    for (const frame of room) preFilter.mayContainSpeech(frame);
    const share = calls.pieces / PIECES / room.length;
    expect(share).toBeGreaterThanOrEqual(0.25);
    expect(share).toBeLessThan(0.3);
  });

  it("judges every frame of a loud one", async () => {
    const preFilter = (await WebRtcGate.create(3)).createPreFilter();
    const street = framesOf(whiteNoise(16000, -40));
    for (const frame of street) preFilter.mayContainSpeech(frame);
    expect(calls.pieces).toBe(PIECES * street.length);
  });

  it("judges every frame that stands out, and forgets the room on reset", async () => {
    const preFilter = (await WebRtcGate.create(3)).createPreFilter();
    for (const frame of framesOf(concat(whiteNoise(16000, -60), whiteNoise(16000, -62))))
      preFilter.mayContainSpeech(frame);
    calls.pieces = 0;
    const speech = framesOf(readSample("en_01.wav")).filter((frame) => frame.some((sample) => Math.abs(sample) > 0.1));
    const heard = speech.filter((frame) => preFilter.mayContainSpeech(frame)).length;
    expect(calls.pieces).toBe(PIECES * speech.length);
    expect(heard / speech.length).toBeGreaterThan(0.9);

    const [frame] = framesOf(whiteNoise(512, -60));
    for (let i = 0; i < 8; i++) preFilter.mayContainSpeech(frame!);
    calls.pieces = 0;
    preFilter.reset();
    preFilter.mayContainSpeech(frame!);
    expect(calls.pieces).toBe(PIECES);
  });
});
