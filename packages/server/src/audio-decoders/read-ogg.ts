import { SttError } from "@stt/core";
import { FLACDecoder } from "@wasm-audio-decoders/flac";
import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import { OggOpusDecoder } from "ogg-opus-decoder";
import type { DecodedChunk } from "./audio-decoder.js";
import { ByteWindow } from "./byte-window.js";
import { Damage } from "./damage.js";
import { beginsFile } from "./detect-container.js";
import { oggPages } from "./ogg-pages.js";
import { chunkOf, type WasmAudio } from "./wasm-audio.js";

interface OggDecoder {
  readonly ready: Promise<void>;
  decode(bytes: Uint8Array): Promise<WasmAudio> | WasmAudio;
  flush(): Promise<WasmAudio> | WasmAudio;
  free(): void;
}

/** By the first packet of a stream (the mappings of Opus, Vorbis and FLAC to Ogg). */
const DECODERS: readonly [beginning: string, create: () => OggDecoder][] = [
  ["OpusHead", () => new OggOpusDecoder()],
  ["\x01vorbis", () => new OggVorbisDecoder()],
  ["\x7fFLAC", () => new FLACDecoder()],
];

/** Opus, Vorbis and FLAC within Ogg, by libopus, libvorbis and libFLAC. Chained streams, of whatever kind, are decoded one after the other. */
export async function* readOgg(path: string, start: number): AsyncGenerator<DecodedChunk> {
  const file = new ByteWindow(path);
  const damage = new Damage("Ogg", beginsFile);
  let decoder: OggDecoder | undefined;
  let serial: number | undefined;
  /** Streams that are played together announce themselves first; the first that is sound counts. */
  let announcing = false;
  const announced = new Set<number>();
  let unknown: string | undefined;
  async function* end(): AsyncGenerator<DecodedChunk> {
    if (decoder) yield* chunkOf(await decoder.flush());
    decoder?.free();
    decoder = undefined;
  }
  try {
    for (const page of oggPages(file, start, damage)) {
      if (page.isFirst) {
        if (!announcing) yield* end();
        announcing = true;
        announced.add(page.serial);
        if (decoder) continue;
        const beginning = Buffer.from(page.packet.subarray(0, 8)).toString("latin1");
        decoder = DECODERS.find(([name]) => beginning.startsWith(name))?.[1]();
        await decoder?.ready;
        if (!decoder) unknown ??= beginning.replace(/[^ -~]/g, "").trim();
        serial = page.serial;
      } else announcing = false;
      // The page that says how this stream is coded was lost.
      if (!announced.has(page.serial)) damage.lost(page.bytes.length);
      // A copy: the decoders keep what they cannot use yet.
      if (decoder && page.serial === serial) yield* chunkOf(await decoder.decode(Uint8Array.from(page.bytes)));
      if (page.isLast) announced.delete(page.serial);
    }
    yield* end();
    damage.check();
    if (unknown !== undefined) {
      throw new SttError("unsupported_media", `The Ogg file holds "${unknown}"; Opus, Vorbis and FLAC are supported.`);
    }
  } finally {
    decoder?.free();
    file.close();
  }
}
