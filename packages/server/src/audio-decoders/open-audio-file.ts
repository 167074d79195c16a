import { type FileHandle, open } from "node:fs/promises";
import { ENGINE_SAMPLE_RATE, isSttError, SttError } from "@stt/core";
import type { AudioFile, DecodingLimits, OwnContainer } from "./audio-decoder.js";
import { OWN_CONTAINERS } from "./audio-decoder.js";
import { detectContainer, HEAD_BYTES, looksLikeAudio, nameOf, tagLength } from "./detect-container.js";
import { FfmpegBroken, FfmpegMissing, ffmpegDecoder } from "./ffmpeg-decoder.js";
import { threadDecoder } from "./thread-decoder.js";

/** More tags in front of each other than any program writes. */
const MAX_TAGS = 8;
/** One look of a recogniser, 25 ms: in less there is nothing to hear, and no recorder stops so soon. */
const LEAST_SAMPLES = 0.025 * ENGINE_SAMPLE_RATE;
const OWN_KINDS = "WAV, MP3, FLAC, Ogg Opus or Ogg Vorbis";

/**
 * Finds out what a file is, and decodes it as it is consumed. What our own readers refuse is offered to ffmpeg, where there is one.
 *
 * @param onComplaint told ffmpeg's own words, for a log: the errors are for people
 * @returns 16 kHz mono samples in [-1, 1], as {@link AudioDecoder.open} gives them
 * @throws SttError `unsupported_media` for a file that is no audio known here, `bad_audio` for an empty one.
 */
export async function openAudioFile(
  path: string,
  limits: DecodingLimits,
  signal: AbortSignal,
  onComplaint?: (words: string) => void,
): Promise<AsyncIterable<Float32Array>> {
  const { file, refusal } = await inspect(path);
  return audible(decoded(file, refusal, limits, signal, onComplaint), file);
}

/** @throws SttError `bad_audio` when hardly a sample comes: an empty text would pass for that of the whole */
async function* audible(pieces: AsyncIterable<Float32Array>, { name }: AudioFile): AsyncGenerator<Float32Array> {
  let samples = 0;
  const held: Float32Array[] = [];
  for await (const piece of pieces) {
    samples += piece.length;
    held.push(piece);
    if (samples >= LEAST_SAMPLES) yield* held.splice(0);
  }
  if (samples >= LEAST_SAMPLES) return;
  const ms = Math.ceil((1000 * samples) / ENGINE_SAMPLE_RATE);
  throw new SttError(
    "bad_audio",
    `Only ${ms} ms of the ${name} file can be decoded: it was cut off, or nothing was recorded.`,
  );
}

/** What a file is, and what is said of it when nobody can read it. */
async function inspect(path: string): Promise<{ file: AudioFile; refusal: SttError }> {
  const handle = await open(path);
  try {
    let start = 0;
    let head = await bytesAt(handle, 0);
    if (head.length === 0) throw new SttError("bad_audio", "The audio file is empty.");
    const claims = looksLikeAudio(head);
    for (let tags = 0, tag = tagLength(head); tag > 0 && tags < MAX_TAGS; tags++, tag = tagLength(head)) {
      start += tag;
      head = await bytesAt(handle, start);
    }
    const { size } = await handle.stat();
    const found = detectContainer(head, size - start);
    const { container = "unknown", start: offset = 0 } = found ?? {};
    const name = nameOf(container, head.subarray(offset));
    const file: AudioFile = { path, container, name, start: start + offset };
    return { file, refusal: claims ? damaged() : unknownKind() };
  } finally {
    await handle.close();
  }
}

async function bytesAt(file: FileHandle, offset: number): Promise<Uint8Array> {
  const head = new Uint8Array(HEAD_BYTES);
  const { bytesRead } = await file.read(head, 0, HEAD_BYTES, offset);
  return head.subarray(0, bytesRead);
}

async function* decoded(
  file: AudioFile,
  refusal: SttError,
  limits: DecodingLimits,
  signal: AbortSignal,
  onComplaint?: (words: string) => void,
): AsyncGenerator<Float32Array> {
  let said: unknown = refusal;
  let heard = false;
  if (OWN_CONTAINERS.includes(file.container as OwnContainer)) {
    try {
      for await (const piece of threadDecoder.open(file, limits, signal)) {
        heard = true;
        yield piece;
      }
      return;
    } catch (error) {
      if (heard || !isAboutTheFile(error)) throw error;
      said = error;
    }
  }
  try {
    for await (const piece of ffmpegDecoder.open(file, limits, signal)) {
      heard = true;
      yield piece;
    }
  } catch (error) {
    const own = said === refusal ? undefined : (said as SttError);
    if (error instanceof FfmpegBroken && own?.code === "bad_audio") {
      onComplaint?.((error.cause as Error).message);
      throw own;
    }
    if (heard || !isAboutTheFile(error)) throw error;
    if (error.cause instanceof Error) onComplaint?.(error.cause.message);
    const isCodec = own?.code === "unsupported_media";
    if (error instanceof FfmpegMissing) {
      // What is damaged is not mended by ffmpeg; a codec that we have not is.
      if (own) throw isCodec ? withRemedy(own) : own;
      throw file.container === "unknown" ? refusal : error;
    }
    // Whoever knows the file has the better word.
    if (own) throw isCodec ? error : own;
    throw file.container === "unknown" ? new SttError(refusal.code, refusal.message, { cause: error }) : error;
  }
}

function isAboutTheFile(error: unknown): error is SttError {
  return isSttError(error) && (error.code === "bad_audio" || error.code === "unsupported_media");
}

function damaged(): SttError {
  return new SttError(
    "bad_audio",
    "The file begins like audio, but there is none in it that can be decoded: it is damaged.",
  );
}

function unknownKind(): SttError {
  return new SttError(
    "unsupported_media",
    `The file is of no kind that this server reads: send ${OWN_KINDS}, or, where the server has ffmpeg, MP4 (m4a), WebM, AAC, AIFF, AMR or AU.`,
  );
}

function withRemedy({ message }: SttError): SttError {
  return new SttError(
    "unsupported_media",
    `${message} Other codecs are read through ffmpeg, and there is none on this server's PATH.`,
  );
}
