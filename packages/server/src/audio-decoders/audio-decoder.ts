/** Reads audio files of one or several kinds. */
export interface AudioDecoder {
  /**
   * Decodes a file as it is consumed, holding no more of it than a window. A file that ends early is given as far as it goes.
   *
   * @returns 16 kHz mono samples in [-1, 1], in pieces of at most a second; never empty ones. Throws SttError `bad_audio` when
   * there is no audio to be had, `too_large` past the longest duration, `unsupported_media` when a program is missing for it,
   * `aborted` once the signal fires.
   */
  open(file: AudioFile, limits: DecodingLimits, signal: AbortSignal): AsyncIterable<Float32Array>;
}

/** A file on disk, and what it is. */
export interface AudioFile {
  path: string;
  container: Container;
  /** What people call it, such as `MKV`; "audio" when nobody knows. */
  name: string;
  /** Offset of its first byte: tags and junk lie before. */
  start: number;
}

export interface DecodingLimits {
  /** Longest audio, milliseconds; a decompression bomb is found by this while it is decoded. */
  maxDurationMs: number;
}

/** Kinds of files that are decoded without another program. */
export const OWN_CONTAINERS = ["wav", "mp3", "flac", "ogg"] as const;

export type OwnContainer = (typeof OWN_CONTAINERS)[number];
/** The others are left to a system ffmpeg, where there is one. */
export type Container =
  | OwnContainer
  | (
      | "mp4"
      | "webm"
      | "aac"
      | "aiff"
      | "amr"
      | "au"
      | "caf"
      | "avi"
      | "asf"
      | "flv"
      | "mpeg"
      | "mpegts"
      | "w64"
      | "wavpack"
      | "tta"
      | "ape"
    )
  | "unknown";

/** A stretch of decoded audio, before it is mixed and resampled. */
export interface DecodedChunk {
  /** One array for each channel, of equal lengths, nominally in [-1, 1]. */
  channels: readonly Float32Array[];
  /** Hz. */
  sampleRate: number;
}

/** Turns the bytes of one kind of file into audio; runs on the decoding thread. */
export type ContainerReader = (path: string, start: number) => AsyncIterable<DecodedChunk>;
