import { describe, expect, it } from "vitest";
import { decodePcm, encodePcm } from "../../src/audio/pcm.js";
import { decodeWav, encodeWav, parseWavHeader } from "../../src/audio/wav.js";
import { WavDecoder } from "../../src/audio/wav-decoder.js";
import { concatSamples, seededRandom } from "../../src/testing/index.js";

interface Layout {
  code?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  frameBytes?: number;
  extensible?: boolean;
  /** Chunks between format and audio. */
  before?: Uint8Array[];
  after?: Uint8Array[];
  dataLength?: number;
  riff?: string;
  wave?: string;
}

const ascii = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const u16 = (...values: number[]) => new Uint8Array(Uint16Array.from(values).buffer);
const u32 = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);
const bytes = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const chunk = (id: string, body: Uint8Array, length = body.length) =>
  bytes(ascii(id), u32(length), body, new Uint8Array(body.length % 2));

/** A WAV file of any layout, right or wrong. */
function wav(data: Uint8Array, layout: Layout = {}): Uint8Array {
  const { code = 1, channels = 1, rate = 16_000, bits = 16, extensible = false } = layout;
  const frameBytes = layout.frameBytes ?? (channels * bits) / 8;
  const guid = bytes(u16(code), Uint8Array.from([0, 0, 0, 0, 16, 0, 128, 0, 0, 170, 0, 56, 155, 113]));
  const fmt = bytes(
    u16(extensible ? 0xfffe : code, channels),
    u32(rate, rate * frameBytes),
    u16(frameBytes, bits),
    extensible ? bytes(u16(22, bits), u32(0), guid) : new Uint8Array(0),
  );
  return bytes(
    ascii(layout.riff ?? "RIFF"),
    u32(0),
    ascii(layout.wave ?? "WAVE"),
    chunk("fmt ", fmt),
    ...(layout.before ?? []),
    chunk("data", data, layout.dataLength),
    ...(layout.after ?? []),
  );
}

const s16 = (...samples: number[]) => new Uint8Array(Int16Array.from(samples).buffer);
const samplesOf = (file: Uint8Array) => {
  const { pcm, format } = decodeWav(file);
  return [...decodePcm(pcm, { encoding: format.encoding, channels: 1 })];
};

describe("sample types", () => {
  it.each([
    ["8-bit", wav(Uint8Array.from([0, 128, 192]), { bits: 8 }), "pcm_s16le"],
    ["16-bit", wav(s16(-32768, 0, 16384)), "pcm_s16le"],
    ["24-bit", wav(Uint8Array.from([0, 0, 0x80, 0, 0, 0, 0, 0, 0x40]), { bits: 24 }), "pcm_f32le"],
    ["32-bit", wav(new Uint8Array(Int32Array.from([-(2 ** 31), 0, 2 ** 30]).buffer), { bits: 32 }), "pcm_f32le"],
    ["float", wav(new Uint8Array(Float32Array.from([-1, 0, 0.5]).buffer), { code: 3, bits: 32 }), "pcm_f32le"],
    ["double", wav(new Uint8Array(Float64Array.from([-1, 0, 0.5]).buffer), { code: 3, bits: 64 }), "pcm_f32le"],
    ["extensible", wav(s16(-32768, 0, 16384), { extensible: true }), "pcm_s16le"],
    [
      "20 bits in 3 bytes",
      wav(Uint8Array.from([0, 0, 0x80, 0, 0, 0, 0, 0, 0x40]), { bits: 20, frameBytes: 3 }),
      "pcm_f32le",
    ],
  ])("reads %s", (_, file, encoding) => {
    expect(samplesOf(file)).toEqual([-1, 0, 0.5]);
    expect(decodeWav(file)).toMatchObject({ format: { encoding, sampleRate: 16_000, channels: 1 }, missingBytes: 0 });
    expect(decodeWav(file).durationMs).toBeCloseTo(3 / 16, 9);
  });

  // ITU-T G.711, tables 1 and 2: the codes of silence, of the quietest steps and of full scale, by sign.
  it.each([
    ["mu-law", 7, [0xff, 0x7f, 0xfe, 0x80, 0x00], [0, 0, 8, 32124, -32124]],
    ["A-law", 6, [0xd5, 0x55, 0xd4, 0xaa, 0x2a], [8, -8, 24, 32256, -32256]],
  ])("reads %s", (_, code, codes, values) => {
    const { pcm, format } = decodeWav(wav(Uint8Array.from(codes), { code, bits: 8, rate: 8000 }));
    expect(format).toEqual({ encoding: "pcm_s16le", sampleRate: 8000, channels: 1 });
    expect(pcm).toEqual(s16(...values));
  });

  it.each([3, 6, 64])("mixes %d channels to one, as loud as the one that carries sound", (channels) => {
    const frames = 3200;
    const data = new Int16Array(frames * channels);
    for (let i = 0; i < frames; i++) data[i * channels + 2] = 10_000 * Math.sin(i / 3);
    const { pcm, format, durationMs } = decodeWav(wav(new Uint8Array(data.buffer), { channels }));
    expect(format).toEqual({ encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 });
    expect(durationMs).toBe(200);
    const mixed = new Int16Array(pcm.buffer, pcm.byteOffset, pcm.length / 2);
    for (let i = 400; i < frames; i++) expect(Math.abs(mixed[i]! - data[i * channels + 2]!)).toBeLessThanOrEqual(1);
  });

  it("converts to the encoding asked for", () => {
    const file = wav(new Uint8Array(Float32Array.from([-1, 2, 0.5]).buffer), { code: 3, bits: 32 });
    const { pcm, format } = decodeWav(file, "pcm_s16le");
    expect(format.encoding).toBe("pcm_s16le");
    expect(pcm).toEqual(s16(-32768, 32767, 16384));
  });

  it("keeps two channels apart", () => {
    const { pcm, format } = decodeWav(wav(s16(1, 2, 3, 4), { channels: 2, rate: 44_100 }));
    expect(format).toEqual({ encoding: "pcm_s16le", sampleRate: 44_100, channels: 2 });
    expect(pcm).toEqual(s16(1, 2, 3, 4));
  });
});

describe("what is around the audio", () => {
  const list = chunk("LIST", ascii("INFOISFT....Lavf")); // as ffmpeg writes it
  const odd = chunk("junk", ascii("odd"));

  it("skips chunks before the audio, of odd length too, and ignores those after it", () => {
    const file = wav(s16(1, 2, 3), { before: [list, odd, chunk("fact", u32(3))], after: [list] });
    expect(decodeWav(file)).toMatchObject({ pcm: s16(1, 2, 3), missingBytes: 0 });
  });

  it.each([0, 0xffffffff])("takes a length of %d as unknown: the audio goes on to the end", (dataLength) => {
    const decoded = decodeWav(wav(s16(1, 2, 3), { dataLength }));
    expect(decoded).toMatchObject({ pcm: s16(1, 2, 3), missingBytes: 0 });
    expect(decoded.header.dataBytes).toBeUndefined();
  });

  it.each(["RF64", "BW64"])("%s: the length in ds64 counts, and what follows is no sound", (riff) => {
    const ds64 = chunk("ds64", bytes(u32(0, 0), u32(6, 0), u32(3, 0), u32(0)));
    const body = wav(s16(1, 2, 3), { riff, before: [list], after: [list], dataLength: 0xffffffff });
    const file = bytes(body.subarray(0, 12), ds64, body.subarray(12));
    expect(decodeWav(file)).toMatchObject({ pcm: s16(1, 2, 3), missingBytes: 0, header: { dataBytes: 6 } });
  });

  it("RF64 that does not know its length goes on to the end, and one that is written short keeps it", () => {
    const ds64 = chunk("ds64", bytes(u32(0, 0), u32(0, 0), u32(0, 0), u32(0)));
    const open = wav(s16(1, 2, 3), { riff: "RF64", dataLength: 0xffffffff });
    expect(decodeWav(bytes(open.subarray(0, 12), ds64, open.subarray(12))).pcm).toEqual(s16(1, 2, 3));
    const short = wav(s16(1, 2), { riff: "RF64", after: [list] });
    expect(decodeWav(bytes(short.subarray(0, 12), ds64, short.subarray(12))).pcm).toEqual(s16(1, 2));
  });

  it("delivers a file that was cut off as far as it goes, and says how much is missing", () => {
    const file = wav(s16(1, 2, 3, 4), { dataLength: 100 });
    expect(decodeWav(file)).toMatchObject({ pcm: s16(1, 2, 3, 4), missingBytes: 92 });
    expect(decodeWav(file.subarray(0, file.length - 1))).toMatchObject({ pcm: s16(1, 2, 3), missingBytes: 93 });
    const stream = wav(s16(1, 2), { dataLength: 0 });
    expect(decodeWav(stream.subarray(0, stream.length - 1))).toMatchObject({ pcm: s16(1), missingBytes: 1 });
  });

  it("reads the head from the first bytes", () => {
    const file = wav(s16(1, 2, 3), { before: [list] });
    const header = parseWavHeader(file.subarray(0, 44 + list.length));
    expect(header).toEqual({
      sampleType: "s16",
      sampleRate: 16_000,
      channels: 1,
      frameBytes: 2,
      dataOffset: 44 + list.length,
      dataBytes: 6,
    });
    expect(parseWavHeader(file.subarray(0, 40))).toBeUndefined();
  });

  it("gives the same audio for any pieces", () => {
    const random = seededRandom(9);
    const data = Uint8Array.from({ length: 3000 }, () => random() * 256);
    for (const layout of [
      { bits: 24 },
      { bits: 24, channels: 2, dataLength: 0, before: [list, odd] },
      { after: [list] },
    ]) {
      const file = wav(data, layout);
      const whole = decodeWav(file).pcm;
      for (const size of [1, 7, 100]) {
        const decoder = new WavDecoder();
        const pieces: number[] = [];
        for (let at = 0; at < file.length; at += size) {
          const pcm = decoder.push(file.subarray(at, at + size));
          if (pcm.length > 0) expect(decoder.format).toBeDefined();
          pieces.push(...pcm);
        }
        expect(Uint8Array.from(pieces)).toEqual(whole);
        expect(decoder.end().missingBytes).toBe(0);
      }
    }
  });
});

describe("what cannot be read", () => {
  it.each([
    ["nothing", new Uint8Array(0), "It is empty."],
    ["a few bytes", ascii("RIFF"), "It is too short to be one."],
    ["an MP3", ascii("ID3\u0004 and so on and on"), 'It begins with "ID3?" instead of "RIFF": it is something else.'],
    ["an AVI", wav(s16(1), { wave: "AVI " }), 'It is a RIFF file of the kind "AVI ", not "WAVE".'],
    ["big-endian", wav(s16(1), { riff: "RIFX" }), "It is big-endian (RIFX); little-endian files are supported."],
    ["65 channels", wav(new Uint8Array(130), { channels: 65 }), "It has 65 channels; up to 64 are supported."],
    ["no channels", wav(s16(1), { channels: 0, frameBytes: 2 }), "It claims to have no channels."],
    ["no rate", wav(s16(1), { rate: 0 }), "It claims a sample rate of 0 Hz."],
    [
      "mu-law of 16 bits",
      wav(s16(1), { code: 7, bits: 16 }),
      "It has 16-bit samples in frames of 2 bytes; A-law and mu-law of 8 bits is supported.",
    ],
    [
      "64-bit PCM",
      wav(s16(1), { bits: 64 }),
      "It has 64-bit samples in frames of 8 bytes; PCM of 8, 16, 24 or 32 bits is supported.",
    ],
    [
      "half floats",
      wav(s16(1), { code: 3, bits: 16 }),
      "It has 16-bit samples in frames of 2 bytes; float of 32 or 64 bits is supported.",
    ],
    [
      "audio first",
      bytes(ascii("RIFF"), u32(0), ascii("WAVE"), chunk("data", s16(1))),
      "Its audio comes before its format chunk.",
    ],
    [
      "no format",
      bytes(ascii("RIFF"), u32(0), ascii("WAVE"), chunk("LIST", s16(1))),
      "It ends before its format chunk.",
    ],
    ["no audio", wav(s16(1)).subarray(0, 36), "It ends before its audio begins."],
    [
      "a short format",
      bytes(ascii("RIFF"), u32(0), ascii("WAVE"), chunk("fmt ", s16(1))),
      "Its format chunk has 2 bytes instead of at least 16.",
    ],
    [
      "an absurd format",
      bytes(ascii("RIFF"), u32(0), ascii("WAVE"), ascii("fmt "), u32(1e9)),
      "Its format chunk claims 1000000000 bytes.",
    ],
  ])("%s is refused with a sentence that says why", (_, file, sentence) => {
    expect(() => decodeWav(file)).toThrow(
      expect.objectContaining({ code: "bad_audio", message: `The WAV file cannot be read. ${sentence}` }),
    );
  });

  it.each([
    [2, "Microsoft ADPCM"],
    [17, "IMA ADPCM"],
    [49, "GSM 6.10"],
    [1234, "audio of format 1234"],
  ])("a codec of another program (%d) is named", (code, name) => {
    expect(() => decodeWav(wav(s16(1), { code }))).toThrow(
      expect.objectContaining({
        code: "unsupported_media",
        message: `The WAV file cannot be read. It holds ${name}; PCM, float, A-law and mu-law are supported.`,
      }),
    );
  });

  it("does not wait for bytes when the first ones are wrong already", () => {
    expect(() => new WavDecoder().push(ascii("OggS"))).toThrow(/"OggS"/);
  });

  it("refuses an unknown sub-format", () => {
    const file = wav(s16(1), { extensible: true });
    file[50] = 1;
    expect(() => decodeWav(file)).toThrow(/unknown sub-format/);
  });
});

describe("encodeWav", () => {
  it.each(["pcm_s16le", "pcm_f32le"] as const)("writes what decodeWav reads (%s)", (encoding) => {
    const samples = concatSamples(Float32Array.from([0.5, -0.25]), Float32Array.from([1, 0]));
    const format = { encoding, sampleRate: 22_050, channels: 2 } as const;
    const pcm = encodePcm(samples, encoding);
    expect(decodeWav(encodeWav(pcm, format))).toMatchObject({ pcm, format, missingBytes: 0 });
  });

  it("refuses a part of a frame", () => {
    expect(() => encodeWav(new Uint8Array(3), { encoding: "pcm_s16le", sampleRate: 8000, channels: 1 })).toThrow(
      /whole frames of 2 bytes/,
    );
  });
});
