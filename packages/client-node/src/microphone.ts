/** The microphone as an audio source. */
import { type AudioFormat, type AudioSource, messageOf, PcmBuffer, SttError } from "@stt/core";
import {
  bytesOf,
  callback,
  callSafely,
  checkArgument,
  checkOptions,
  type Field,
  type OptionShape,
  text,
  within,
} from "@stt/core/callers";
import { commandRecorder, RECORDING_COMMANDS } from "./command-recorder.js";
import { openPvRecorder } from "./pv-recorder.js";
import { type OpenRecorder, RECORDER_SAMPLE_RATE, type Recorder, type RecorderHandlers } from "./recorder.js";

export interface MicrophoneOptions {
  /** Index or name from {@link listMicrophones}. @default the system's default device */
  device?: number | string;
  /** Audio kept while nobody reads, milliseconds; beyond it the oldest is dropped. @default 30000 */
  bufferMs?: number;
  /** Called when audio had to be dropped, with its length in milliseconds. */
  onDrop?: (droppedMs: number) => void;
  /** Ways to record, in the order in which they are tried. @default pvrecorder, parec, arecord, sox */
  recorders?: readonly OpenRecorder[];
}

/** A microphone that records. */
export interface MicrophoneSource extends AudioSource {
  /** Name of the device in use. */
  readonly device: string;
}

const FORMAT: AudioFormat = { encoding: "pcm_s16le", sampleRate: RECORDER_SAMPLE_RATE, channels: 1 };
const DEFAULT_RECORDERS: readonly OpenRecorder[] = [openPvRecorder, ...RECORDING_COMMANDS.map(commandRecorder)];

const RECORDER: Field<Recorder> = {
  expected: "recorders that give { device, stop }",
  is: (value): value is Recorder => callback.is((value as Partial<Recorder> | null | undefined)?.stop),
};

const OPTIONS: OptionShape<MicrophoneOptions> = {
  device: {
    expected: "a number or a name from listMicrophones()",
    is: (value): value is number | string => text.is(value) || Number.isInteger(value),
  },
  bufferMs: within(1, 3_600_000),
  onDrop: callback as Field<(droppedMs: number) => void>,
  recorders: {
    expected: "a list of functions",
    is: (value): value is OpenRecorder[] => Array.isArray(value) && value.every((each) => callback.is(each)),
  },
};

/**
 * Opens a microphone; it records from here on, 16 kHz mono. Close it, or the client that takes it, to free the device.
 *
 * @throws SttError `microphone_unavailable`, `invalid_argument`
 * @example await client.start(await microphone());
 */
export async function microphone(options: MicrophoneOptions = {}): Promise<MicrophoneSource> {
  checkOptions("microphone", options, OPTIONS);
  const buffer = new PcmBuffer(FORMAT, options.bufferMs ?? 30_000, options.onDrop);
  const recorder = await openFirst(options.recorders ?? DEFAULT_RECORDERS, options.device, {
    audio: (pcm) => buffer.append(bytesOf(pcm, "What the recorder gives")),
    end: (error) =>
      buffer.end(
        error &&
          new SttError("microphone_unavailable", `The microphone stopped: ${error.message.replace(/\.$/, "")}.`, {
            cause: error,
            retryable: true,
          }),
      ),
  });
  return {
    format: FORMAT,
    device: recorder.device,
    async *chunks(signal) {
      const stop = () => callSafely(() => recorder.stop());
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
      try {
        yield* buffer.read();
      } finally {
        signal.removeEventListener("abort", stop);
        stop();
      }
    },
    close: async () => recorder.stop(),
  };
}

async function openFirst(
  recorders: readonly OpenRecorder[],
  device: number | string | undefined,
  handlers: RecorderHandlers,
): Promise<Recorder> {
  const reasons: string[] = [];
  for (const open of recorders) {
    let recorder: Recorder;
    try {
      recorder = await open(device, handlers);
    } catch (error) {
      reasons.push(messageOf(error));
      continue;
    }
    checkArgument("microphone", recorder, RECORDER);
    return recorder;
  }
  const wanted = device === undefined ? "a microphone" : `the microphone ${device}`;
  // The first way is the best one; what the others lack is rarely the point.
  throw new SttError(
    "microphone_unavailable",
    `${capitalised(wanted)} could not be opened (${reasons[0]?.replace(/\.$/, "")}): connect one, see \`mic-stream devices\`, or install pulseaudio-utils or alsa-utils.`,
    { retryable: true, cause: reasons },
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
