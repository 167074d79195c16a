/** Options and events of the browser's microphone. */
import { abortSignal, callback, type Field, flag, type OptionShape, text, within } from "@stt/core/callers";
import type { AudioLevel } from "./level.js";

export interface MicrophoneOptions {
  /** From `listMicrophones`. When it is not there, the browser's default is used instead. @default the browser's default */
  deviceId?: string;
  /** Takes out what the loudspeakers play. @default the browser's choice, usually true */
  echoCancellation?: boolean;
  /**
   * Takes out steady noise, and some speech with it: recognisers cope better with the noise. Measured in Chromium with the built-in
   * model, it was the one of the three that cost words.
   *
   * @default false
   */
  noiseSuppression?: boolean;
  /** Evens out the loudness. @default the browser's choice, usually true */
  autoGainControl?: boolean;
  /**
   * Address of `@stt/client-web/capture.worklet.js`, for pages whose Content-Security-Policy allows no `blob:` scripts.
   *
   * @default the script is inlined
   */
  workletUrl?: string | URL;
  /** Audio kept while nobody reads, milliseconds; beyond it the oldest is dropped. @default 30000 */
  bufferMs?: number;
  /** Called when audio had to be dropped, with its length in milliseconds. */
  onDrop?: (droppedMs: number) => void;
  /** Audio between two `level` events, milliseconds. @default 50 */
  levelIntervalMs?: number;
  /** Gives up opening; no effect once it is open. */
  signal?: AbortSignal;
}

export const MICROPHONE_OPTIONS: OptionShape<MicrophoneOptions> = {
  deviceId: text,
  echoCancellation: flag,
  noiseSuppression: flag,
  autoGainControl: flag,
  workletUrl: {
    expected: "an address",
    is: (value): value is string | URL => text.is(value) || value instanceof URL,
  },
  bufferMs: within(1, 3_600_000),
  onDrop: callback as Field<(droppedMs: number) => void>,
  levelIntervalMs: within(1, 60_000),
  signal: abortSignal,
};

/**
 * - `live`: audio flows
 * - `muted`: the device gives silence: a switch on it, a phone call
 * - `lost`: the device is gone; another one, or its return, is awaited
 * - `ended`: closed, or given up for good
 */
export type MicrophoneState = "live" | "muted" | "lost" | "ended";

/** The device in use. */
export interface MicrophoneDevice {
  deviceId: string;
  /** May be empty. */
  label: string;
}

/** What a microphone tells. */
export type MicrophoneEvents = {
  state: MicrophoneState;
  /** Another device is in use now. */
  device: MicrophoneDevice;
  level: AudioLevel;
};

/** @throws what `getUserMedia` rejects with */
export async function requestStream(options: MicrophoneOptions, deviceId: string | undefined): Promise<MediaStream> {
  const { echoCancellation, noiseSuppression = false, autoGainControl } = options;
  const audio: MediaTrackConstraints = {
    // Mixed here, by a rule that no polarity can silence.
    channelCount: { ideal: 2 },
    noiseSuppression,
    ...(echoCancellation === undefined ? {} : { echoCancellation }),
    ...(autoGainControl === undefined ? {} : { autoGainControl }),
  };
  if (deviceId !== undefined) {
    try {
      return await navigator.mediaDevices.getUserMedia({ audio: { ...audio, deviceId: { exact: deviceId } } });
    } catch (error) {
      // A remembered device that is not connected today is no reason to refuse the one that is.
      const { name } = error as { name?: string };
      if (name !== "OverconstrainedError" && name !== "NotFoundError") throw error;
    }
  }
  return navigator.mediaDevices.getUserMedia({ audio });
}
