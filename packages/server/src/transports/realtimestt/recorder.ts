import { SttError } from "@stt/core";
import { type ConfigKey, VARIABLES } from "@stt/core/config";
import type { SessionSettings, SettingOverrides } from "../../settings/session-settings.js";

/** What the server measures. A client may write these too, as in the original: the value holds until the next measurement. */
export interface Measurements {
  is_recording: boolean;
  /** Unix time, seconds; 0 before the first. */
  recording_stop_time: number;
  /** Unix time, seconds; 0 while no end silence is counted. */
  speech_end_silence_start: number;
  /** Unix time, seconds. */
  listen_start: number;
  /** 16-bit little-endian mono at 16 kHz; `null` before the first. */
  last_transcription_bytes: Buffer | null;
}

interface Parameter {
  get(recorder: Recorder): unknown;
  set(recorder: Recorder, value: unknown): void;
}

const SECOND_MS = 1000;
/** Longest `wake_word_activation_delay` and the like, seconds: only a bound. */
const MAX_DELAY_S = 86_400;

const PARAMETERS: Readonly<Record<string, Parameter>> = {
  language: {
    get: ({ settings }) => (settings.language === "auto" ? "" : settings.language),
    set: (recorder, value) => {
      // Empty is the original's word for auto.
      recorder.override({ language: checked("language", "language", value ?? "") as string });
    },
  },
  silero_sensitivity: {
    get: ({ settings }) => rounded(1 - settings.speechThreshold),
    set: (recorder, value) =>
      recorder.override({
        speechThreshold: 1 - (checked("silero_sensitivity", "sileroSensitivity", value) as number),
      }),
  },
  post_speech_silence_duration: {
    get: ({ settings }) => settings.silenceMs / SECOND_MS,
    set: (recorder, value) => {
      const name = "post_speech_silence_duration";
      recorder.override({ silenceMs: checked(name, "postSpeechSilenceDurationMs", value, SECOND_MS) as number });
    },
  },
  deactivity_silence_confirmation_duration: {
    get: ({ settings }) => settings.silenceConfirmMs / SECOND_MS,
    set: (recorder, value) => {
      const seconds = numberUpTo("deactivity_silence_confirmation_duration", value, 10);
      recorder.override({ silenceConfirmMs: seconds * SECOND_MS });
    },
  },
  wake_word_activation_delay: {
    get: ({ wakeWordActivationDelay }) => wakeWordActivationDelay,
    set: (recorder, value) => {
      recorder.wakeWordActivationDelay = numberUpTo("wake_word_activation_delay", value, MAX_DELAY_S);
    },
  },
  use_wake_words: {
    // There are none here: what is true of this recorder is "no", whatever was asked for.
    get: () => false,
    set: (_recorder, value) => {
      if (typeof value !== "boolean") throw invalidParameter("use_wake_words", value, "true or false");
    },
  },
  is_recording: measured("is_recording", "boolean"),
  recording_stop_time: measured("recording_stop_time", "number"),
  speech_end_silence_start: measured("speech_end_silence_start", "number"),
  listen_start: measured("listen_start", "number"),
  last_transcription_bytes: lastTranscription(),
  last_transcription_bytes_b64: lastTranscription(),
};

/** The names of all parameters. */
export const PARAMETER_NAMES: readonly string[] = Object.keys(PARAMETERS);

/**
 * What the original's one recorder is for all its clients, here for one client: the parameters that its control socket reads
 * and writes.
 */
export class Recorder {
  wakeWordActivationDelay = 0;
  readonly measurements: Measurements = {
    is_recording: false,
    recording_stop_time: 0,
    speech_end_silence_start: 0,
    listen_start: 0,
    last_transcription_bytes: null,
  };
  readonly #defaults: () => SessionSettings;
  readonly #onOverride: (overrides: SettingOverrides) => void;
  readonly #written = new Map<string, unknown>();
  #overrides: SettingOverrides = {};

  /** @param onOverride called with settings that the client changed */
  constructor(defaults: () => SessionSettings, onOverride: (overrides: SettingOverrides) => void = () => {}) {
    this.#defaults = defaults;
    this.#onOverride = onOverride;
  }

  static has(name: unknown): name is string {
    return typeof name === "string" && Object.hasOwn(PARAMETERS, name);
  }

  /** What differs from the server's settings. */
  get overrides(): SettingOverrides {
    return this.#overrides;
  }

  get settings(): SessionSettings {
    return { ...this.#defaults(), ...this.#overrides };
  }

  /** @param name one for which {@link has} is true */
  get(name: string): unknown {
    return PARAMETERS[name]!.get(this);
  }

  /**
   * @param name one for which {@link has} is true
   * @throws SttError `invalid_argument` that says what is allowed.
   */
  set(name: string, value: unknown): void {
    PARAMETERS[name]!.set(this, value);
    this.#written.set(name, value);
  }

  /** Takes over what was set on another one. */
  adopt(other: Recorder): void {
    for (const [name, value] of other.#written) this.set(name, value);
  }

  override(overrides: SettingOverrides): void {
    this.#overrides = { ...this.#overrides, ...overrides };
    this.#onOverride(overrides);
  }
}

function measured(
  name: Exclude<keyof Measurements, "last_transcription_bytes">,
  type: "boolean" | "number",
): Parameter {
  return {
    get: ({ measurements }) => measurements[name],
    set: ({ measurements }, value) => {
      if (typeof value !== type) throw invalidParameter(name, value, `a ${type}`);
      Object.assign(measurements, { [name]: value });
    },
  };
}

/** JSON has no bytes: both names give base64. */
function lastTranscription(): Parameter {
  return {
    get: ({ measurements }) => measurements.last_transcription_bytes?.toString("base64") ?? null,
    set: ({ measurements }, value) => {
      if (value !== null && typeof value !== "string")
        throw invalidParameter("last_transcription_bytes", value, "base64 or null");
      measurements.last_transcription_bytes = value === null ? null : Buffer.from(value, "base64");
    },
  };
}

/** A value within the limits of a variable. @param scale from the wire's unit to that of `Config` */
function checked(name: string, key: ConfigKey, value: unknown, scale = 1): unknown {
  const { schema, allowed } = VARIABLES[key].type;
  const result = schema.safeParse(typeof value === "number" ? value * scale : value);
  if (result.success) return result.data;
  throw invalidParameter(name, value, allowed.en);
}

function numberUpTo(name: string, value: unknown, max: number): number {
  if (typeof value === "number" && value >= 0 && value <= max) return value;
  throw invalidParameter(name, value, `a number from 0 to ${max}`);
}

function invalidParameter(name: string, value: unknown, allowed: string): SttError {
  const shown = JSON.stringify(value)?.slice(0, 80) ?? "missing";
  return new SttError("invalid_argument", `Parameter ${name} is ${shown}; allowed is ${allowed}`);
}

/** What binary fractions added. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
