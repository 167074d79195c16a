import { SttError } from "@stt/core";

/** `u32` length of the metadata. */
const LENGTH_BYTES = 4;
/** Metadata is a handful of numbers. */
const MAX_METADATA_BYTES = 16_384;
const MIN_RATE = 8000;
const MAX_RATE = 192_000;

/** One binary message of a RealtimeSTT client. */
export interface DataFrame {
  /** Hz; may be a fraction. */
  sampleRate: number;
  /** 16-bit little-endian mono: a view into the message. */
  pcm: Uint8Array;
}

/**
 * Reads `u32 LE metadata length | UTF-8 JSON metadata | s16le mono PCM`.
 *
 * @throws SttError `bad_frame` with a sentence that names what is wrong.
 */
export function decodeDataFrame(message: Buffer): DataFrame {
  if (message.byteLength < LENGTH_BYTES) {
    throw bad(`a message has ${message.byteLength} bytes; the metadata length alone has ${LENGTH_BYTES}`);
  }
  const length = message.readUInt32LE(0);
  const rest = message.byteLength - LENGTH_BYTES;
  if (length > MAX_METADATA_BYTES) throw bad(`metadata of ${length} bytes; at most ${MAX_METADATA_BYTES} are taken`);
  if (length > rest) throw bad(`metadata of ${length} bytes, but only ${rest} follow`);
  const sampleRate = sampleRateIn(message.toString("utf8", LENGTH_BYTES, LENGTH_BYTES + length));
  const pcm = message.subarray(LENGTH_BYTES + length);
  if (pcm.byteLength % 2 !== 0) throw bad(`${pcm.byteLength} bytes of PCM are not whole 16-bit samples`);
  return { sampleRate, pcm };
}

function sampleRateIn(metadata: string): number {
  let rate: unknown;
  try {
    rate = (JSON.parse(metadata) as { sampleRate?: unknown } | null)?.sampleRate;
  } catch {
    throw bad("the metadata is not JSON");
  }
  if (typeof rate === "number" && rate >= MIN_RATE && rate <= MAX_RATE) return rate;
  if (rate === undefined) throw bad("the metadata has no sampleRate");
  throw bad(`sampleRate is ${JSON.stringify(rate).slice(0, 20)}; allowed is ${MIN_RATE} to ${MAX_RATE}`);
}

function bad(what: string): SttError {
  return new SttError("bad_frame", `Bad frame: ${what}.`);
}
