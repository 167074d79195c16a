/** The `fmt ` chunk of a WAV file, and its samples as PCM of the wire. */
import { SttError } from "../errors.js";
import { MAX_CHANNELS } from "./channel-mixer.js";
import { A_LAW, MU_LAW } from "./g711.js";
import { type AudioEncoding, type AudioFormat, bytesPerSample } from "./source.js";

/** How a WAV file stores a sample. */
export type WavSampleType = "u8" | "s16" | "s24" | "s32" | "f32" | "f64" | "alaw" | "mulaw";

/** What the `fmt ` chunk says. */
export interface WavFormat {
  sampleType: WavSampleType;
  /** Hz. */
  sampleRate: number;
  /** 1..64. */
  channels: number;
  /** Bytes of one sample of every channel. */
  frameBytes: number;
}

const PCM = 1;
const FLOAT = 3;
const A_LAW_CODE = 6;
const MU_LAW_CODE = 7;
const EXTENSIBLE = 0xfffe;
/** Formats that turn up in practice, for a sentence that helps. */
const FORMAT_NAMES: Readonly<Record<number, string>> = {
  2: "Microsoft ADPCM",
  17: "IMA ADPCM",
  49: "GSM 6.10",
  80: "MPEG",
  85: "MP3",
  255: "AAC",
};
/** The GUID of every format that has a code, after the code itself (KSDATAFORMAT_SUBTYPE, mmreg.h). */
const GUID_TAIL = [0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113];
const PCM_BY_BYTES = { 1: "u8", 2: "s16", 3: "s24", 4: "s32" } as const;
const FLOAT_BY_BYTES = { 4: "f32", 8: "f64" } as const;
/** Sample types by the format's code, then by the bytes of a sample. */
const SAMPLE_TYPES: Readonly<Record<number, Readonly<Record<number, WavSampleType>>>> = {
  [PCM]: PCM_BY_BYTES,
  [FLOAT]: FLOAT_BY_BYTES,
  [A_LAW_CODE]: { 1: "alaw" },
  [MU_LAW_CODE]: { 1: "mulaw" },
};

/**
 * Reads the body of a `fmt ` chunk (WAVEFORMAT, WAVEFORMATEX or WAVEFORMATEXTENSIBLE).
 *
 * @throws SttError `unsupported_media` naming a codec that is not read here, `bad_audio` naming what is wrong
 */
export function parseWavFormat(body: Uint8Array): WavFormat {
  if (body.length < 16) throw bad(`Its format chunk has ${body.length} bytes instead of at least 16.`);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const frameBytes = view.getUint16(12, true);
  const bits = view.getUint16(14, true);
  let code = view.getUint16(0, true);
  if (code === EXTENSIBLE) code = subFormat(body, view);

  if (channels === 0) throw bad("It claims to have no channels.");
  if (channels > MAX_CHANNELS) throw bad(`It has ${channels} channels; up to ${MAX_CHANNELS} are supported.`);
  if (sampleRate === 0) throw bad("It claims a sample rate of 0 Hz.");
  // 20 bits in 3 bytes, or 24 in 4, are stored at the upper end: the container counts.
  const bytes = frameBytes / channels;
  const types = SAMPLE_TYPES[code];
  if (!types) {
    const name = FORMAT_NAMES[code] ?? `audio of format ${code}`;
    throw new SttError(
      "unsupported_media",
      `The WAV file cannot be read. It holds ${name}; PCM, float, A-law and mu-law are supported.`,
    );
  }
  const sampleType = types[bytes];
  // Writers of G.711 leave the number of bits out at times.
  const companded = code === A_LAW_CODE || code === MU_LAW_CODE;
  if (!sampleType || (!companded && (bits === 0 || bits > bytes * 8))) {
    const kind = companded
      ? "A-law and mu-law of 8 bits"
      : code === PCM
        ? "PCM of 8, 16, 24 or 32 bits"
        : "float of 32 or 64 bits";
    throw bad(`It has ${bits}-bit samples in frames of ${frameBytes} bytes; ${kind} is supported.`);
  }
  return { sampleType, sampleRate, channels, frameBytes };
}

function subFormat(body: Uint8Array, view: DataView): number {
  if (body.length < 40) throw bad(`Its extensible format chunk has ${body.length} bytes instead of 40.`);
  if (GUID_TAIL.some((byte, i) => body[26 + i] !== byte)) throw bad("It holds audio of an unknown sub-format.");
  return view.getUint16(24, true);
}

/** The encoding that loses nothing a recogniser could hear, at the least size. */
export function naturalEncoding(format: WavFormat): AudioEncoding {
  return ["u8", "s16", "alaw", "mulaw"].includes(format.sampleType) ? "pcm_s16le" : "pcm_f32le";
}

/** The samples' format once they are converted: more channels than travel on the wire are mixed to one. */
export function pcmFormatOf(format: WavFormat, encoding: AudioEncoding): AudioFormat {
  const { sampleRate, channels } = format;
  return { encoding, sampleRate, channels: channels === 2 ? 2 : 1 };
}

/**
 * Samples of any kind as PCM of the wire, channels kept. Samples that are of that kind already come back as they are, not
 * copied; floats are clamped when they become 16 bits.
 *
 * @param data whole sample frames
 */
export function convertWavSamples(data: Uint8Array, type: WavSampleType, encoding: AudioEncoding): Uint8Array {
  if ((type === "s16" && encoding === "pcm_s16le") || (type === "f32" && encoding === "pcm_f32le")) return data;
  const read = READERS[type];
  const count = data.length / read.bytes;
  const out = new Uint8Array(count * bytesPerSample(encoding));
  const from = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const to = new DataView(out.buffer);
  for (let i = 0; i < count; i++) {
    const sample = read.at(from, i * read.bytes);
    if (encoding === "pcm_f32le") to.setFloat32(4 * i, sample, true);
    else to.setInt16(2 * i, Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768))), true);
  }
  return out;
}

/** Each channel's samples in [-1, 1]; what is no number becomes 0, what is out of range is clamped. */
export function wavChannels(data: Uint8Array, { sampleType, channels, frameBytes }: WavFormat): Float32Array[] {
  const read = READERS[sampleType];
  const from = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const frames = data.length / frameBytes;
  return Array.from({ length: channels }, (_, channel) => {
    const out = new Float32Array(frames);
    for (let i = 0; i < frames; i++) {
      const sample = read.at(from, i * frameBytes + channel * read.bytes);
      out[i] = sample >= -1 && sample <= 1 ? sample : sample > 1 ? 1 : sample < -1 ? -1 : 0;
    }
    return out;
  });
}

/** Samples in [-1, 1] by their address. */
const READERS: Readonly<Record<WavSampleType, { bytes: number; at(view: DataView, offset: number): number }>> = {
  u8: { bytes: 1, at: (view, offset) => (view.getUint8(offset) - 128) / 128 },
  s16: { bytes: 2, at: (view, offset) => view.getInt16(offset, true) / 2 ** 15 },
  s24: {
    bytes: 3,
    at: (view, offset) => (view.getInt16(offset + 1, true) * 256 + view.getUint8(offset)) / 2 ** 23,
  },
  s32: { bytes: 4, at: (view, offset) => view.getInt32(offset, true) / 2 ** 31 },
  f32: { bytes: 4, at: (view, offset) => view.getFloat32(offset, true) },
  f64: { bytes: 8, at: (view, offset) => view.getFloat64(offset, true) },
  alaw: { bytes: 1, at: (view, offset) => A_LAW[view.getUint8(offset)]! / 2 ** 15 },
  mulaw: { bytes: 1, at: (view, offset) => MU_LAW[view.getUint8(offset)]! / 2 ** 15 },
};

/** An error about the file; its sentences begin with what it is about. */
export function bad(sentence: string): SttError {
  return new SttError("bad_audio", `The WAV file cannot be read. ${sentence}`);
}
