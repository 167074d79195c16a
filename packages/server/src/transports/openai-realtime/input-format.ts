import { A_LAW, type AudioFormat, decodeG711, MU_LAW } from "@stt/core";

/** Audio that a client of this wire may send: 16-bit PCM at a rate of its own, or the telephone's G.711 at 8 kHz. */
export type InputFormat = { type: "audio/pcm"; rate: number } | { type: "audio/pcmu" } | { type: "audio/pcma" };

/** What a client sends that names no format. */
export const DEFAULT_INPUT_FORMAT = { type: "audio/pcm", rate: 24_000 } as const satisfies InputFormat;

const G711_RATE = 8000;

/** The format of what {@link toPcm} makes. */
export function audioFormatOf(format: InputFormat): AudioFormat {
  const sampleRate = format.type === "audio/pcm" ? format.rate : G711_RATE;
  return { encoding: "pcm_s16le", sampleRate, channels: 1 };
}

/** Bytes of one sample on the wire. */
export function wireSampleBytes(format: InputFormat): 1 | 2 {
  return format.type === "audio/pcm" ? 2 : 1;
}

export function sameFormat(a: InputFormat, b: InputFormat): boolean {
  return a.type === b.type && audioFormatOf(a).sampleRate === audioFormatOf(b).sampleRate;
}

/** 16-bit little-endian PCM of wire bytes; PCM comes back as it is, not copied. */
export function toPcm(format: InputFormat, bytes: Uint8Array): Uint8Array {
  if (format.type === "audio/pcm") return bytes;
  return decodeG711(bytes, format.type === "audio/pcmu" ? MU_LAW : A_LAW);
}
