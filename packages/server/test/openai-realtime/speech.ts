import { encodePcm, StreamingResampler } from "@stt/core";
import { readSample } from "../support/wav.js";

/** A bundled recording as 16-bit PCM of another rate. */
export function pcmOf(name: string, sampleRate: number): Buffer {
  const resampler = new StreamingResampler(16_000, sampleRate);
  const body = encodePcm(resampler.process(readSample(`${name}.wav`)), "pcm_s16le");
  return Buffer.concat([body, encodePcm(resampler.flush(), "pcm_s16le")]);
}

/** Digital silence as 16-bit PCM. */
export function silentPcm(ms: number, sampleRate: number): Buffer {
  return Buffer.alloc(2 * Math.round((ms * sampleRate) / 1000));
}

/** Events that append `bytes`, 100 ms of 24 kHz PCM each. */
export function appends(bytes: Buffer, step = 4800): { type: "input_audio_buffer.append"; audio: string }[] {
  const events = [];
  for (let at = 0; at < bytes.length; at += step) {
    const audio = bytes.subarray(at, at + step).toString("base64");
    events.push({ type: "input_audio_buffer.append" as const, audio });
  }
  return events;
}
