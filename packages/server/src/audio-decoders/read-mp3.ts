import { MPEGDecoder } from "mpg123-decoder";
import type { DecodedChunk } from "./audio-decoder.js";
import { ByteWindow } from "./byte-window.js";
import { Damage } from "./damage.js";
import { beginsFile } from "./detect-container.js";
import { type MpegFrame, mpegFrames } from "./mpeg-frames.js";

/** Frames that are decoded at once. */
const BATCH = 64;
/** Names of the tags that encoders put into a first frame: it begins a stream, and holds no sound. */
const ENCODER_TAGS: readonly string[] = ["Xing", "Info"];

/** MPEG audio of layers I to III, by mpg123. Joined streams are decoded one after the other, each with its own delay taken off. */
export async function* readMp3(path: string, start: number): AsyncGenerator<DecodedChunk> {
  const file = new ByteWindow(path);
  const damage = new Damage("MP3", beginsFile);
  let decoder: MPEGDecoder | undefined;
  let stream: string | undefined;
  let batch: Buffer[] = [];
  function* decoded(): Generator<DecodedChunk> {
    if (!decoder || batch.length === 0) return;
    const { channelData, sampleRate, samplesDecoded } = decoder.decode(Buffer.concat(batch));
    batch = [];
    if (samplesDecoded > 0) yield { channels: channelData, sampleRate };
  }
  try {
    for (const frame of mpegFrames(file, start, damage)) {
      const { header, bytes } = frame;
      const kind = `${header.key}/${header.channels}`;
      if (kind !== stream || isEncoderTag(frame)) {
        yield* decoded();
        decoder?.free();
        decoder = new MPEGDecoder();
        await decoder.ready;
        stream = kind;
      }
      batch.push(Buffer.from(bytes));
      if (batch.length === BATCH) yield* decoded();
    }
    yield* decoded();
    damage.check();
  } finally {
    decoder?.free();
    file.close();
  }
}

function isEncoderTag({ header, bytes }: MpegFrame): boolean {
  return ENCODER_TAGS.includes(bytes.toString("latin1", header.tagOffset, header.tagOffset + 4));
}
