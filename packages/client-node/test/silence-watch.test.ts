import type { AudioSource, ClientEvent } from "@stt/core";
import { FakeClock } from "@stt/core/testing";
import { describe, expect, it } from "vitest";
import { SilenceWatch } from "../src/silence-watch.js";

/** A watch on a microphone that delivers 100 ms at a time. */
function watching(silenceMs: number) {
  const clock = new FakeClock();
  let ended = 0;
  const watch = new SilenceWatch(silenceMs, clock, () => {
    ended += 1;
  });
  let deliver: (() => void) | undefined;
  const source: AudioSource = {
    format: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 },
    async *chunks() {
      for (;;) {
        await new Promise<void>((resolve) => {
          deliver = resolve;
        });
        yield new Uint8Array(3200);
      }
    },
    close: async () => {},
  };
  const chunks = watch.watch(source).chunks(new AbortController().signal)[Symbol.asyncIterator]();
  return {
    get ended() {
      return ended;
    },
    tell: (event: object) => watch.take(event as ClientEvent),
    async pass(ms: number) {
      for (let at = 0; at < ms; at += 100) {
        const next = chunks.next();
        await Promise.resolve();
        await Promise.resolve();
        deliver?.();
        await next;
        clock.advance(100);
      }
    },
  };
}

describe("SilenceWatch", () => {
  it("ends once, after the silence and the moment in which speech may still be heard of", async () => {
    const mic = watching(2000);
    mic.tell({ type: "speech_start", utterance: 0, atMs: 0 });
    await mic.pass(3000);
    mic.tell({ type: "speech_end", utterance: 0, atMs: 2500 });
    await mic.pass(1500);
    expect(mic.ended).toBe(0);
    await mic.pass(1500);
    expect(mic.ended).toBe(1);
    await mic.pass(5000);
    expect(mic.ended).toBe(1);
  });

  it("never ends while somebody speaks", async () => {
    const mic = watching(1000);
    mic.tell({ type: "speech_start", utterance: 0, atMs: 0 });
    await mic.pass(30_000);
    expect(mic.ended).toBe(0);
  });

  it("waits ten seconds for the first word", async () => {
    const mic = watching(1000);
    await mic.pass(9500);
    expect(mic.ended).toBe(0);
    await mic.pass(1500);
    expect(mic.ended).toBe(1);
  });

  it("does not take a server that is away for silence", async () => {
    const mic = watching(2000);
    mic.tell({ type: "speech_start", utterance: 0, atMs: 0 });
    mic.tell({ type: "speech_end", utterance: 0, atMs: 500 });
    mic.tell({ type: "status", status: "reconnecting", previous: "listening" });
    await mic.pass(20_000);
    expect(mic.ended).toBe(0);
    mic.tell({ type: "status", status: "listening", previous: "reconnecting" });
    await mic.pass(1500);
    expect(mic.ended).toBe(0);
    await mic.pass(1500);
    expect(mic.ended).toBe(1);
  });
});
