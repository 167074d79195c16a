/** WAV files as a whole. For one that arrives piece by piece see `WavDecoder`. */
import { SttError } from "../errors.js";
import { type AudioEncoding, type AudioFormat, bytesPerFrame, bytesPerSample } from "./source.js";
import { WavDecoder, type WavHeader } from "./wav-decoder.js";

const HEADER_BYTES = 44;
const MAX_DATA_BYTES = 0xffffffff - HEADER_BYTES;

/** A WAV file that was read. */
export interface DecodedWav {
  header: WavHeader;
  format: AudioFormat;
  /** Whole sample frames; may share memory with the file's bytes. */
  pcm: Uint8Array;
  durationMs: number;
  /** Bytes of audio that the header promised and the file does not have; 0 for a sound file. */
  missingBytes: number;
}

/**
 * Reads a WAV file of any kind that {@link WavDecoder} knows.
 *
 * @param encoding of the PCM. @default 16 bits for files of 8 and 16 bits, else float
 * @throws SttError `unsupported_media` naming a codec that is not read here, `bad_audio` naming what is wrong
 */
export function decodeWav(bytes: Uint8Array, encoding?: AudioEncoding): DecodedWav {
  const decoder = new WavDecoder(encoding);
  const pcm = decoder.push(bytes);
  const { frames, missingBytes } = decoder.end();
  const header = decoder.header!;
  return { header, format: decoder.format!, pcm, durationMs: (frames * 1000) / header.sampleRate, missingBytes };
}

/**
 * Reads the head of a WAV file.
 *
 * @param bytes the beginning of the file
 * @returns where the audio is and what it is; `undefined` when `bytes` ends before the audio begins
 * @throws SttError `unsupported_media` naming a codec that is not read here, `bad_audio` naming what is wrong
 */
export function parseWavHeader(bytes: Uint8Array): WavHeader | undefined {
  const decoder = new WavDecoder();
  decoder.push(bytes);
  return decoder.header;
}

/**
 * Writes a WAV file.
 *
 * @param pcm whole sample frames of `format`; the sample rate is rounded to whole hertz, as the format has no others
 * @throws SttError `invalid_argument` when `pcm` ends within a frame or exceeds the 4 GiB of the format
 */
export function encodeWav(pcm: Uint8Array, format: AudioFormat): Uint8Array<ArrayBuffer> {
  const frameBytes = bytesPerFrame(format);
  if (pcm.byteLength % frameBytes !== 0 || pcm.byteLength > MAX_DATA_BYTES) {
    throw new SttError(
      "invalid_argument",
      `${pcm.byteLength} bytes of PCM cannot be a WAV file: whole frames of ${frameBytes} bytes, at most 4 GiB.`,
    );
  }
  const file = new Uint8Array(HEADER_BYTES + pcm.byteLength);
  const view = new DataView(file.buffer);
  const rate = Math.round(format.sampleRate);
  const ascii = (at: number, characters: string) => {
    for (let i = 0; i < characters.length; i++) file[at + i] = characters.charCodeAt(i);
  };
  ascii(0, "RIFF");
  view.setUint32(4, HEADER_BYTES - 8 + pcm.byteLength, true);
  ascii(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, format.encoding === "pcm_f32le" ? 3 : 1, true);
  view.setUint16(22, format.channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, bytesPerSample(format.encoding) * 8, true);
  ascii(36, "data");
  view.setUint32(40, pcm.byteLength, true);
  file.set(pcm, HEADER_BYTES);
  return file;
}
