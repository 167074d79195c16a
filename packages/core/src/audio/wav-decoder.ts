/** Reads a WAV file as it arrives. */
import { ChannelMixer } from "./channel-mixer.js";
import { encodePcm } from "./pcm.js";
import type { AudioEncoding, AudioFormat } from "./source.js";
import {
  bad,
  convertWavSamples,
  naturalEncoding,
  parseWavFormat,
  pcmFormatOf,
  type WavFormat,
  wavChannels,
} from "./wav-format.js";

/** What is known once the audio begins. */
export interface WavHeader extends WavFormat {
  /** Offset of the first sample in the file. */
  dataOffset: number;
  /** Length of the audio as the file declares it; absent where the writer did not know it (a stream). */
  dataBytes?: number;
}

/** How the file ended. */
export interface WavEnd {
  /** Sample frames delivered. */
  frames: number;
  /** Bytes of audio that the header promised and the file does not have; also a part of a frame at the end. */
  missingBytes: number;
}

const EMPTY = new Uint8Array(0);
const CHUNK_HEADER_BYTES = 8;
/** A format chunk has 16 to 40 bytes; more is damage, and a reason not to wait for it. */
const MAX_FORMAT_BYTES = 4096;
/** What a writer puts as a length that it does not know. */
const UNKNOWN_LENGTHS: readonly number[] = [0, 0xffffffff];
/** RIFF, and the two names of the same with lengths of 64 bits in a `ds64` chunk (EBU Tech 3306, ITU-R BS.2088). */
const MAGICS: readonly string[] = ["RIFF", "RF64", "BW64"];
/** Of a `ds64` chunk: the lengths of the file, of the audio, and a count of frames. */
const DS64_BYTES = 24;

/**
 * An incremental WAV reader: bytes in, PCM out. PCM of 8, 16, 24 and 32 bits, float of 32 and 64, A-law and mu-law, also in RF64 and
 * BW64; any chunks before the audio are skipped, those after it ignored. One and two channels are given as they are, more are mixed to
 * one. A file that ends early is delivered as far as it goes. Of joined files the first is read; `JoinedWavDecoder` reads them all.
 *
 * @example
 * const decoder = new WavDecoder();
 * for await (const bytes of file) send(decoder.push(bytes)); // decoder.format is known with the first PCM
 * const { missingBytes } = decoder.end();
 */
export class WavDecoder {
  readonly #requested: AudioEncoding | undefined;
  #state: "riff" | "chunk" | "ds64" | "fmt" | "skip" | "data" | "after" = "riff";
  /** Bytes that do not make a whole piece yet. */
  #pending: Uint8Array = EMPTY;
  /** Offset in the file of the first byte of `#pending`. */
  #position = 0;
  /** Bytes left of the chunk that is skipped or read. */
  #left = 0;
  #fmt: WavFormat | undefined;
  /** Length of the audio by the `ds64` chunk. */
  #longDataBytes: number | undefined;
  #mixer: ChannelMixer | undefined;
  #header: WavHeader | undefined;
  #frames = 0;

  /** @param encoding of the PCM. @default 16 bits for files of 8 and 16 bits, else float */
  constructor(encoding?: AudioEncoding) {
    this.#requested = encoding;
  }

  /** Known once the audio begins. */
  get header(): WavHeader | undefined {
    return this.#header;
  }

  /** Format of the PCM given; known once the audio begins. */
  get format(): AudioFormat | undefined {
    return this.#header && pcmFormatOf(this.#header, this.#requested ?? naturalEncoding(this.#header));
  }

  /**
   * Takes the next bytes.
   *
   * @returns PCM in whole sample frames, maybe none; it may share memory with `bytes`
   * @throws SttError `unsupported_media` naming a codec that is not read here, `bad_audio` naming what is wrong, as soon as it is seen
   */
  push(bytes: Uint8Array): Uint8Array {
    this.#pending = join(this.#pending, bytes);
    while (this.#step()) {
      // Each step reads one piece of the head.
    }
    if (this.#state === "after") this.#take(this.#pending.length);
    return this.#state === "data" ? this.#takeSamples() : EMPTY;
  }

  /**
   * The file is over.
   *
   * @throws SttError `bad_audio` when the audio never began
   */
  end(): WavEnd {
    if (!this.#header) {
      if (this.#position + this.#pending.length === 0) throw bad("It is empty.");
      if (this.#state === "riff") throw bad("It is too short to be one.");
      throw bad(this.#fmt ? "It ends before its audio begins." : "It ends before its format chunk.");
    }
    const { dataBytes, frameBytes } = this.#header;
    const rest = this.#pending.length;
    // Without a declared length only a frame that was cut in two shows that something is missing.
    const missing = dataBytes === undefined ? (rest > 0 ? frameBytes - rest : 0) : this.#left - rest;
    return { frames: this.#frames, missingBytes: Math.max(0, missing) };
  }

  /** What has come behind the audio, once; `undefined` while there is audio to come. The next `push` would pass over it. */
  takeBehind(): Uint8Array | undefined {
    return this.#state === "after" ? this.#take(this.#pending.length) : undefined;
  }

  #step(): boolean {
    switch (this.#state) {
      case "riff":
        return this.#readRiff();
      case "chunk":
        return this.#readChunkHeader();
      case "ds64":
        return this.#readLongLengths();
      case "fmt":
        return this.#readFormat();
      case "skip":
        this.#left -= this.#take(Math.min(this.#left, this.#pending.length)).length;
        if (this.#left === 0) this.#state = "chunk";
        return this.#left === 0;
      case "data":
      case "after":
        return false;
    }
  }

  #readRiff(): boolean {
    const magic = text(this.#pending, 0);
    if (magic === "RIFX") throw bad("It is big-endian (RIFX); little-endian files are supported.");
    if (this.#pending.length >= 4 && !MAGICS.includes(magic)) {
      throw bad(`It begins with ${JSON.stringify(printable(magic))} instead of "RIFF": it is something else.`);
    }
    if (this.#pending.length < 12) return false;
    const kind = text(this.#pending, 8);
    if (kind !== "WAVE") throw bad(`It is a RIFF file of the kind ${JSON.stringify(printable(kind))}, not "WAVE".`);
    this.#take(12);
    this.#state = "chunk";
    return true;
  }

  #readChunkHeader(): boolean {
    if (this.#pending.length < CHUNK_HEADER_BYTES) return false;
    const head = this.#take(CHUNK_HEADER_BYTES);
    const id = text(head, 0);
    const length = new DataView(head.buffer, head.byteOffset).getUint32(4, true);
    // Chunks are padded to an even length.
    this.#left = length + (length % 2);
    if (id === "data") this.#beginData(length);
    else if (id === "fmt ") {
      if (length > MAX_FORMAT_BYTES) throw bad(`Its format chunk claims ${length} bytes.`);
      this.#state = "fmt";
    } else if (id === "ds64" && length >= DS64_BYTES && length <= MAX_FORMAT_BYTES) this.#state = "ds64";
    else this.#state = "skip";
    return true;
  }

  #readLongLengths(): boolean {
    if (this.#pending.length < this.#left) return false;
    const body = this.#take(this.#left);
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.#longDataBytes = Number(view.getBigUint64(8, true));
    this.#state = "chunk";
    return true;
  }

  #readFormat(): boolean {
    if (this.#pending.length < this.#left) return false;
    this.#fmt = parseWavFormat(this.#take(this.#left));
    this.#state = "chunk";
    return true;
  }

  #beginData(length: number): void {
    if (!this.#fmt) throw bad("Its audio comes before its format chunk.");
    // Where there are long lengths, the short one says only that it is not to be used.
    const declared = this.#longDataBytes && UNKNOWN_LENGTHS.includes(length) ? this.#longDataBytes : length;
    const known = !UNKNOWN_LENGTHS.includes(declared);
    this.#header = { ...this.#fmt, dataOffset: this.#position, ...(known && { dataBytes: declared }) };
    this.#left = known ? declared : Number.POSITIVE_INFINITY;
    if (this.#fmt.channels > 2) this.#mixer = new ChannelMixer(this.#fmt.channels, this.#fmt.sampleRate);
    this.#state = "data";
  }

  #takeSamples(): Uint8Array {
    const { frameBytes, sampleType } = this.#header!;
    const available = Math.min(this.#pending.length, this.#left);
    const whole = available - (available % frameBytes);
    const data = this.#take(whole);
    this.#left -= whole;
    this.#frames += whole / frameBytes;
    // A declared length may end within a frame: that part is of no use. What follows is no audio.
    if (this.#left < frameBytes) {
      this.#left = 0;
      this.#state = "after";
    }
    const { encoding } = this.format!;
    if (this.#mixer) return encodePcm(this.#mixer.mix(wavChannels(data, this.#header!)), encoding);
    return convertWavSamples(data, sampleType, encoding);
  }

  #take(length: number): Uint8Array {
    const taken = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    this.#position += length;
    return taken;
  }
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** Four characters; fewer at the end. */
function text(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function printable(characters: string): string {
  return characters.replace(/[^ -~]/g, "?");
}
