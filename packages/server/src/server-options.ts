/** What `createServer` takes. */
import type { Clock, TranscriptionEngine, VoiceActivityDetector } from "@stt/core";
import { callback, checkOptions, type Field, isObject, type OptionShape, within } from "@stt/core/callers";
import type { Config } from "@stt/core/config";
import type { DownloadProgress } from "./models/download.js";
import type { Log } from "./observability/log.js";
import type { Access } from "./security/access.js";

export interface CreateServerOptions {
  /** What differs from the defaults; see docs/configuration.md. Durations are milliseconds. */
  config?: Partial<Config>;
  /** Decodes finals. @default whisper.cpp with the configured model */
  engine?: TranscriptionEngine;
  /** Decodes partials. @default the engine given, or whisper.cpp with the configured realtime model */
  realtimeEngine?: TranscriptionEngine;
  /** @default Silero behind the WebRTC gate */
  vad?: VoiceActivityDetector;
  /** Decides who comes in. @default the API keys and tokens of the configuration */
  access?: Access;
  /** Is told how the download of a missing model goes. @default lines in the log */
  onDownload?(progress: DownloadProgress): void;
  /** @default silent */
  log?: Log;
  /** @default the real one */
  clock?: Clock;
  /** Time between two samples of the console's graphs, which show the last 180, milliseconds. @default 5000 */
  historyStepMs?: number;
}

/** An object that can be called in these ways. */
function having<T>(expected: string, ...methods: (keyof T & string)[]): Field<T> {
  return {
    expected,
    is: (value): value is T =>
      (isObject(value) || typeof value === "function") &&
      methods.every((name) => typeof (value as Record<string, unknown>)[name] === "function"),
  };
}

const CALLABLE = having<TranscriptionEngine>(
  "a TranscriptionEngine of info, transcribe and close",
  "transcribe",
  "close",
);
const ENGINE: Field<TranscriptionEngine> = {
  expected: CALLABLE.expected,
  is: (value): value is TranscriptionEngine =>
    CALLABLE.is(value) && isObject(value.info) && isObject(value.info.capabilities),
};

const SHAPE: OptionShape<CreateServerOptions> = {
  config: { expected: "an object of settings", is: (value): value is Partial<Config> => isObject(value) },
  engine: ENGINE,
  realtimeEngine: ENGINE,
  vad: having("a VoiceActivityDetector of createStream and close", "createStream", "close"),
  access: having("an Access of authorize, holds and onChange", "authorize", "holds", "onChange"),
  onDownload: callback as Field<(progress: DownloadProgress) => void>,
  log: having("a Log of debug, info, warn and error", "debug", "info", "warn", "error"),
  clock: having("a Clock of now and setTimer", "now", "setTimer"),
  historyStepMs: within(1, 3_600_000),
};

/** @throws SttError `invalid_argument` naming the option that is something else */
export function checkServerOptions(options: unknown): asserts options is CreateServerOptions {
  checkOptions("createServer", options, SHAPE);
}
