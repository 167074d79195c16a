/** A file that the user chose, dropped or recorded, as an audio source. */
import {
  type AudioSource,
  ChannelMixer,
  encodePcm,
  isSttError,
  JoinedWavDecoder,
  SttError,
  wavBeginning,
} from "@stt/core";
import {
  callback,
  callSafely,
  checkArgument,
  checkOptions,
  type Field,
  type OptionShape,
  within,
} from "@stt/core/callers";

/** How far a file has been read. The client reads no faster than the server takes it. */
export interface FileProgress {
  /** Audio read, milliseconds. */
  doneMs: number;
  /** Length of the file, milliseconds. */
  totalMs: number;
}

export interface FileSourceOptions {
  /** Audio of one chunk, milliseconds. @default 100 */
  chunkMs?: number;
  /** Called after each chunk. */
  onProgress?: (progress: FileProgress) => void;
}

const BLOB: Field<Blob> = { expected: "a File or a Blob", is: (value): value is Blob => value instanceof Blob };
const OPTIONS: OptionShape<FileSourceOptions> = {
  chunkMs: within(1, 60_000),
  onProgress: callback as Field<(progress: FileProgress) => void>,
};

/** Rate to which the browser decodes: what the server hears, and a third of the memory of 48 kHz. */
const DECODED_RATE = 16_000;
/** Bytes read at once until the audio of a WAV file begins. */
const HEAD_BYTES = 4096;
/** Behind the audio, another file is looked for in so much. */
const BEHIND_BYTES = 65_536;

/**
 * Opens a sound file. WAV is read as it is sent, so its length costs no memory, joined files one after the other; everything else (mp3, m4a, ogg, flac, webm, ...) is
 * decoded as a whole by the browser, as far as it knows the format.
 *
 * @throws SttError `invalid_argument`; `bad_audio` when it is no sound file that this browser can read, or holds no audio
 * @example const text = await client.transcribe(await fileSource(input.files[0]));
 */
export async function fileSource(file: Blob, options: FileSourceOptions = {}): Promise<AudioSource> {
  checkArgument("fileSource", file, BLOB);
  checkOptions("fileSource", options, OPTIONS);
  const name = file instanceof File ? file.name : "The recording";
  if (file.size === 0) throw new SttError("bad_audio", `${name} is empty.`);
  return (await openWav(file, options)) ?? (await decode(file, name, options));
}

/** @returns `undefined` when it is no WAV file, or one that only the browser may know */
async function openWav(file: Blob, { chunkMs = 100, onProgress }: FileSourceOptions): Promise<AudioSource | undefined> {
  const decoder = new JoinedWavDecoder();
  let position = 0;
  const next = async (length: number) => {
    const bytes = new Uint8Array(await file.slice(position, position + length).arrayBuffer());
    position += bytes.length;
    return decoder.push(bytes);
  };
  let first = new Uint8Array(0);
  try {
    while (!decoder.header) {
      if (position >= file.size) decoder.end();
      first = new Uint8Array(await next(HEAD_BYTES));
    }
  } catch (error) {
    if (isSttError(error)) return undefined;
    throw error;
  }
  const { dataOffset, dataBytes = Number.POSITIVE_INFINITY, frameBytes, sampleRate } = decoder.header;
  const frames = Math.floor(Math.min(dataBytes, file.size - dataOffset) / frameBytes);
  if (frames === 0 || sampleRate < 8000 || sampleRate > 192_000) return undefined;
  const behind = file.slice(dataOffset + dataBytes, dataOffset + dataBytes + BEHIND_BYTES);
  const isJoined = Number.isFinite(dataBytes) && wavBeginning(new Uint8Array(await behind.arrayBuffer())) >= 0;
  // Of joined files about, for progress: the others are taken to be like the first.
  const totalMs = ((isJoined ? (file.size - dataOffset) / frameBytes : frames) * 1000) / sampleRate;
  const step = Math.max(1, Math.round((sampleRate * chunkMs) / 1000)) * frameBytes;

  async function* chunks(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    let pcm: Uint8Array = first;
    while (!signal.aborted) {
      if (pcm.length > 0) yield pcm;
      const doneMs = (((position - dataOffset) / frameBytes) * 1000) / sampleRate;
      report(onProgress, { doneMs: Math.min(totalMs, Math.max(0, doneMs)), totalMs });
      if (position >= file.size) break;
      pcm = await next(step);
    }
    const last = signal.aborted ? undefined : decoder.end();
    if (last && last.length > 0) yield last;
  }

  return { format: decoder.format!, durationMs: totalMs, chunks, close: async () => {} };
}

async function decode(file: Blob, name: string, options: FileSourceOptions): Promise<AudioSource> {
  const { chunkMs = 100, onProgress } = options;
  let audio: AudioBuffer;
  try {
    // Offline, for it needs neither a gesture nor a sound card.
    audio = await new OfflineAudioContext(1, 1, DECODED_RATE).decodeAudioData(await file.arrayBuffer());
  } catch (cause) {
    const kind = file.type ? ` (${file.type})` : "";
    throw new SttError("bad_audio", `${name}${kind} is no sound file that this browser can read.`, { cause });
  }
  if (audio.length === 0) throw new SttError("bad_audio", `${name} holds no audio.`);
  let samples: Float32Array | undefined = mixDown(audio);
  const { length } = samples;
  const totalMs = (length * 1000) / audio.sampleRate;
  const step = Math.max(1, Math.round((audio.sampleRate * chunkMs) / 1000));

  async function* chunks(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let from = 0; from < length && samples && !signal.aborted; from += step) {
      const part = samples.subarray(from, from + step);
      yield encodePcm(part, "pcm_s16le");
      report(onProgress, { doneMs: ((from + part.length) * 1000) / DECODED_RATE, totalMs });
    }
  }

  return {
    format: { encoding: "pcm_s16le", sampleRate: audio.sampleRate, channels: 1 },
    durationMs: totalMs,
    chunks,
    close: async () => {
      samples = undefined;
    },
  };
}

function report(onProgress: FileSourceOptions["onProgress"], progress: FileProgress): void {
  if (onProgress) callSafely(() => onProgress(progress));
}

function mixDown(audio: AudioBuffer): Float32Array {
  const channels = Array.from({ length: audio.numberOfChannels }, (_, channel) => audio.getChannelData(channel));
  return new ChannelMixer(channels.length, audio.sampleRate).mix(channels).slice();
}
