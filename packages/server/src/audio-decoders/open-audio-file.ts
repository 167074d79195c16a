import { open } from "node:fs/promises";
import { SttError } from "@stt/core";
import type { DecodingLimits, OwnContainer } from "./audio-decoder.js";
import { OWN_CONTAINERS } from "./audio-decoder.js";
import { detectContainer, HEAD_BYTES } from "./detect-container.js";
import { ffmpegDecoder } from "./ffmpeg-decoder.js";
import { threadDecoder } from "./thread-decoder.js";

/**
 * Finds out what a file is, and decodes it as it is consumed.
 *
 * @returns 16 kHz mono samples in [-1, 1], as {@link AudioDecoder.open} gives them
 * @throws SttError `unsupported_media` for a file that is no audio known here, `bad_audio` for an empty one.
 */
export async function openAudioFile(
  path: string,
  limits: DecodingLimits,
  signal: AbortSignal,
): Promise<AsyncIterable<Float32Array>> {
  const head = await headOf(path);
  if (head.length === 0) throw new SttError("bad_audio", "The audio file is empty.");
  const container = detectContainer(head);
  if (!container) {
    throw new SttError(
      "unsupported_media",
      "The file is of no kind that this server reads: send WAV, MP3, FLAC, Ogg Opus or Ogg Vorbis, or, where the server has ffmpeg, MP4 (m4a), WebM, AAC, AIFF or AMR.",
    );
  }
  const decoder = OWN_CONTAINERS.includes(container as OwnContainer) ? threadDecoder : ffmpegDecoder;
  return decoder.open({ path, container }, limits, signal);
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const head = new Uint8Array(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
