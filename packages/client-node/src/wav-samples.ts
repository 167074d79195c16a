/** Samples of any WAV kind to what the wire carries. */
import type { AudioFormat } from "@stt/core";
import type { WavHeader, WavSampleType } from "./wav-header.js";

/** What a file with this header is sent as: nothing is lost that the recogniser could hear. */
export function wireFormatOf(header: WavHeader): AudioFormat {
  const narrow = header.sampleType === "u8" || header.sampleType === "s16";
  return {
    encoding: narrow ? "pcm_s16le" : "pcm_f32le",
    sampleRate: header.sampleRate,
    // The wire knows mono and stereo; more channels become one.
    channels: header.channels === 2 ? 2 : 1,
  };
}

/** @param bytes whole frames of the file; @returns whole frames of the wire format */
export function convertSamples(bytes: Buffer, header: WavHeader): Uint8Array {
  const { sampleType, channels } = header;
  if (sampleType === "s16" && channels <= 2) return bytes;
  if (sampleType === "f32" && channels <= 2) return bytes;
  const format = wireFormatOf(header);
  const size = header.frameBytes / channels;
  const frames = bytes.length / header.frameBytes;
  const mixed = channels > 2 ? channels : 1;
  const samples = frames * (channels / mixed);
  const out = Buffer.alloc(samples * (format.encoding === "pcm_s16le" ? 2 : 4));
  for (let i = 0; i < samples; i++) {
    let sum = 0;
    for (let c = 0; c < mixed; c++) sum += readSample(bytes, (i * mixed + c) * size, sampleType);
    const value = sum / mixed;
    if (format.encoding === "pcm_s16le")
      out.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(value * 32768))), i * 2);
    else out.writeFloatLE(value, i * 4);
  }
  return out;
}

/** One sample in [-1, 1]. */
function readSample(bytes: Buffer, at: number, type: WavSampleType): number {
  switch (type) {
    case "u8":
      return (bytes.readUInt8(at) - 128) / 128;
    case "s16":
      return bytes.readInt16LE(at) / 32_768;
    case "s24":
      return bytes.readIntLE(at, 3) / 8_388_608;
    case "s32":
      return bytes.readInt32LE(at) / 2_147_483_648;
    case "f32":
      return bytes.readFloatLE(at);
    case "f64":
      return bytes.readDoubleLE(at);
  }
}
