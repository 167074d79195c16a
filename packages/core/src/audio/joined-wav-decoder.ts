/** Reads WAV files that were joined, one behind the other, as they arrive. */
import { MonoResampler } from "./mono-resampler.js";
import { encodePcm, pcmToChannels } from "./pcm.js";
import { type AudioFormat, bytesPerFrame } from "./source.js";
import { WavDecoder, type WavHeader } from "./wav-decoder.js";

/** How a WAV file begins: one of these, four bytes of length, and `WAVE`. */
const MAGIC = /(?:RIFF|RF64|BW64).{4}WAVE/s;
const MAGIC_BYTES = 12;
const EMPTY = new Uint8Array(0);

/** @returns where a WAV file begins in the bytes; -1 where none does */
export function wavBeginning(bytes: Uint8Array): number {
  return new TextDecoder("latin1").decode(bytes).search(MAGIC);
}

/**
 * As {@link WavDecoder}; behind the audio of a file another one may follow, of whatever format: its audio is given in the format of the
 * first. What lies between them are tags.
 */
export class JoinedWavDecoder {
  readonly #first = new WavDecoder();
  /** Undefined behind the audio of a file. */
  #current: WavDecoder | undefined = this.#first;
  /** May be the beginning of another file. */
  #between: Uint8Array = EMPTY;
  #converter: MonoResampler | undefined;

  /** Of the first file; known once its audio begins. */
  get header(): WavHeader | undefined {
    return this.#first.header;
  }

  /** Format of the PCM given; known once the audio begins. */
  get format(): AudioFormat | undefined {
    return this.#first.format;
  }

  /**
   * Takes the next bytes.
   *
   * @returns PCM in whole sample frames, maybe none; it may share memory with `bytes`
   * @throws SttError `unsupported_media` naming a codec that is not read here, `bad_audio` naming what is wrong, as soon as it is seen
   */
  push(bytes: Uint8Array): Uint8Array {
    const pieces: Uint8Array[] = [];
    for (let rest: Uint8Array | undefined = bytes; rest; ) {
      this.#current ??= this.#another(rest);
      if (!this.#current) break;
      const pcm = this.#current.push(this.#between.length > 0 ? this.#between : rest);
      this.#between = EMPTY;
      pieces.push(this.#current === this.#first ? pcm : this.#converted(pcm, this.#current));
      rest = this.#current.takeBehind();
      if (!rest) break;
      pieces.push(this.#ended());
    }
    const given = pieces.filter((piece) => piece.length > 0);
    return given.length === 1 ? given[0]! : concat(given);
  }

  /**
   * The file is over.
   *
   * @returns the last PCM
   * @throws SttError `bad_audio` when the audio never began
   */
  end(): Uint8Array {
    this.#first.end();
    return this.#current === this.#first ? EMPTY : this.#ended();
  }

  /** @returns a decoder, when a file begins in what has come since the last one ended; its bytes are in `#between` then */
  #another(bytes: Uint8Array): WavDecoder | undefined {
    this.#between = concat([this.#between, bytes]);
    const start = wavBeginning(this.#between);
    this.#between = this.#between.slice(start < 0 ? Math.max(0, this.#between.length - MAGIC_BYTES + 1) : start);
    return start < 0 ? undefined : new WavDecoder();
  }

  #converted(pcm: Uint8Array, { format: from }: WavDecoder): Uint8Array {
    const to = this.format!;
    if (pcm.length === 0 || !from) return EMPTY;
    if (from.encoding === to.encoding && from.sampleRate === to.sampleRate && from.channels === to.channels) return pcm;
    this.#converter ??= new MonoResampler(from.channels, from.sampleRate, to.sampleRate);
    const channels = Array.from({ length: from.channels }, () => new Float32Array(pcm.length / bytesPerFrame(from)));
    pcmToChannels(pcm, from, channels);
    return written(this.#converter.process(channels), to);
  }

  #ended(): Uint8Array {
    this.#current = undefined;
    const last = this.#converter ? written(this.#converter.flush(), this.format!) : EMPTY;
    this.#converter = undefined;
    return last;
  }
}

function written(mono: Float32Array, { encoding, channels }: AudioFormat): Uint8Array {
  if (channels === 1) return encodePcm(mono, encoding);
  const both = new Float32Array(2 * mono.length);
  for (let i = 0; i < both.length; i++) both[i] = mono[i >> 1]!;
  return encodePcm(both, encoding);
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
