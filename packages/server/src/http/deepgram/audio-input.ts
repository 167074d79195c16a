import { A_LAW, type AudioFormat, bytesPerFrame, decodeG711, MU_LAW, SttError, WavDecoder } from "@stt/core";
import { type QueryReader, wrong } from "./query-reader.js";

/** Audio as it is announced in the URL; undefined where its own first bytes say what it is. */
export interface AnnouncedAudio {
  encoding: Encoding;
  /** Hz */
  sampleRate: number;
  channels: 1 | 2;
}

type Encoding = (typeof ENCODINGS)[number];

const ENCODINGS = ["linear16", "linear32", "mulaw", "alaw"] as const;
const TELEPHONE_RATE = 8000;
const NO_BYTES = new Uint8Array(0);

/**
 * Reads `encoding`, `sample_rate` and `channels`.
 *
 * @throws SttError `invalid_argument`
 */
export function readAudio(query: QueryReader): AnnouncedAudio | undefined {
  const encoding = query.choice("encoding", ENCODINGS);
  const sampleRate = query.number("sample_rate", { min: 8000, max: 192_000, whole: true });
  const channels = query.number("channels", { min: 1, max: 2, whole: true });
  if (encoding === undefined) {
    for (const [name, value] of Object.entries({ sample_rate: sampleRate, channels })) {
      if (value === undefined) continue;
      const message = "Without an encoding the audio itself says it: a WAV file is expected.";
      query.warn({ parameter: name, type: "ignored", message });
    }
    return undefined;
  }
  const isG711 = encoding === "mulaw" || encoding === "alaw";
  if (sampleRate === undefined && !isG711) {
    throw wrong("sample_rate", "missing", `with encoding=${encoding} it must be given, from 8000 to 192000`);
  }
  return { encoding, sampleRate: sampleRate ?? TELEPHONE_RATE, channels: channels === 2 ? 2 : 1 };
}

/** PCM in whole sample frames, maybe none. */
export interface DecodedAudio {
  pcm: Uint8Array;
  samples: number;
}

/** The bytes of one stream on their way to PCM. A sample that two messages share is put together. */
export class AudioInput {
  readonly #announced: AnnouncedAudio | undefined;
  readonly #wav: WavDecoder | undefined;
  #rest = NO_BYTES;

  constructor(announced: AnnouncedAudio | undefined) {
    this.#announced = announced;
    this.#wav = announced ? undefined : new WavDecoder();
  }

  /** Of the PCM given; undefined while a file has not said it yet. */
  get format(): AudioFormat | undefined {
    if (!this.#announced) return this.#wav!.format;
    const { encoding, sampleRate, channels } = this.#announced;
    return { encoding: encoding === "linear32" ? "pcm_f32le" : "pcm_s16le", sampleRate, channels };
  }

  /** @throws SttError `bad_audio`, `unsupported_media` for bytes that are no WAV file where no encoding was named. */
  decode(bytes: Uint8Array): DecodedAudio {
    if (this.#wav) return this.#ofFile(this.#wav.push(bytes));
    const { encoding, channels } = this.#announced!;
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    const sampleBytes = encoding === "linear32" ? 4 : encoding === "linear16" ? 2 : 1;
    const whole = all.length - (all.length % (sampleBytes * channels));
    this.#rest = Uint8Array.from(all.subarray(whole));
    const taken = all.subarray(0, whole);
    const pcm = sampleBytes > 1 ? taken : decodeG711(taken, encoding === "mulaw" ? MU_LAW : A_LAW);
    return { pcm, samples: whole / (sampleBytes * channels) };
  }

  #ofFile(pcm: Uint8Array): DecodedAudio {
    const { format } = this;
    return { pcm, samples: format ? pcm.length / bytesPerFrame(format) : 0 };
  }
}

/** What is told of bytes that cannot be read, where the client named no encoding. */
export function unreadable(cause: SttError): SttError {
  return new SttError(
    "bad_audio",
    `The audio cannot be read: ${cause.message} Without encoding=... a WAV file is expected; send raw audio with its encoding and sample_rate, and other kinds of file to POST /v1/listen.`,
    { cause },
  );
}
