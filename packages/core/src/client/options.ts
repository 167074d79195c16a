/** Options of a client and their defaults. */

import type { AudioFormat } from "../audio/source.js";
import { audioFormat, callback, checkOptions, type OptionShape, SESSION_SHAPE, timerMs } from "../callers/arguments.js";
import { type Field, flag, isObject, ms, number, text } from "../callers/fields.js";
import { type Clock, systemClock } from "../clock.js";
import { readLanguage, readLanguages } from "../config/languages.js";
import { SttError } from "../errors.js";
import type { SessionOptions } from "../protocol/messages.js";
import { STREAM_PATH } from "../protocol/version.js";
import type { BackoffOptions } from "./connection/backoff.js";
import type { SocketFactory } from "./connection/socket.js";

/**
 * Called before every connection, so that short-lived tokens stay fresh; a session whose token ended in the middle is resumed
 * with the next one.
 */
export type TokenProvider = () => string | undefined | Promise<string | undefined>;

export interface ReconnectOptions extends BackoffOptions {
  /** Reconnect after a recording's connection broke. @default true */
  enabled?: boolean;
  /** Give up after this long without a working connection, milliseconds. @default Infinity */
  giveUpAfterMs?: number;
  /** Keep trying also when the very first connection cannot be made. @default false: `connect` and `start` reject */
  initial?: boolean;
}

/** What every platform's `createSttClient` takes. All of {@link SessionOptions} are options too. */
export interface SttClientOptions extends SessionOptions {
  /**
   * Server address, or several to rotate through: `ws:` or `wss:` (`http:` and `https:` are understood). A path is what a
   * proxy has in front of the server's: `https://example.org/stt` means `wss://example.org/stt/v1/stream`.
   */
  url?: string | readonly string[];
  /** Bearer token, or a function that is asked before every connection. */
  token?: string | TokenProvider | undefined;
  /** Format of the audio given to `push`. @default 16 kHz mono pcm_s16le */
  audio?: AudioFormat;
  reconnect?: ReconnectOptions;
  /** Audio kept for a replay, milliseconds. @default 120000 */
  maxReplayMs?: number;
  /**
   * Audio before the first utterance without a final that is replayed too, milliseconds: the next server's voice detector then
   * finds the beginning of the utterance where the last one's did. @default 4000
   */
  warmUpMs?: number;
  /** Bound of `connect` and `start`, milliseconds. @default 15000 */
  connectTimeoutMs?: number;
  /** `stop` rejects when the server makes no progress for this long, milliseconds. @default 120000 */
  stopTimeoutMs?: number;
  /** Interval of pings while a session is open, milliseconds. @default 10000 */
  pingIntervalMs?: number;
  /** A connection on which nothing arrives for this long after a ping is dead, milliseconds. @default 10000 */
  pongTimeoutMs?: number;
  /** Sending waits while the socket holds more than this many bytes. @default 65536 */
  maxBufferedBytes?: number;
  /** Opens sockets. @default the platform's WebSocket */
  socketFactory?: SocketFactory;
  /** @default the real clock */
  clock?: Clock;
  /** Uniform in [0, 1); for the jitter of reconnects. @default Math.random */
  random?: () => number;
}

/** {@link SttClientOptions} with every blank filled in. */
export interface ResolvedClientOptions {
  urls: readonly string[];
  token: TokenProvider;
  /** Whether another token can be had when one has ended. */
  renewsToken: boolean;
  audio: AudioFormat;
  reconnect: Required<ReconnectOptions>;
  maxReplayMs: number;
  warmUpMs: number;
  connectTimeoutMs: number;
  stopTimeoutMs: number;
  pingIntervalMs: number;
  pongTimeoutMs: number;
  maxBufferedBytes: number;
  socketFactory: SocketFactory;
  clock: Clock;
  random: () => number;
  session: SessionOptions;
}

const RECONNECT: OptionShape<ReconnectOptions> = {
  enabled: flag,
  initial: flag,
  giveUpAfterMs: {
    expected: `${timerMs.expected}, or Infinity`,
    is: (value): value is number => value === Number.POSITIVE_INFINITY || timerMs.is(value),
  },
  initialDelayMs: timerMs,
  maxDelayMs: timerMs,
};

const OPTIONS: OptionShape<SttClientOptions> = {
  ...SESSION_SHAPE,
  url: {
    expected: "an address such as ws://localhost:8012, or a list of them",
    is: (value): value is string | readonly string[] =>
      text.is(value) || (Array.isArray(value) && value.every((each) => text.is(each))),
  },
  token: {
    expected: "a string, or a function that gives one",
    is: (value): value is string | TokenProvider => text.is(value) || callback.is(value),
  },
  audio: audioFormat,
  reconnect: {
    expected: "an object of options",
    is: (value): value is ReconnectOptions => isObject(value),
  },
  maxReplayMs: { expected: "a number above 0", is: (value): value is number => number.is(value) && value > 0 },
  warmUpMs: ms,
  connectTimeoutMs: timerMs,
  stopTimeoutMs: timerMs,
  pingIntervalMs: timerMs,
  pongTimeoutMs: timerMs,
  maxBufferedBytes: ms,
  socketFactory: callback as Field<SocketFactory>,
  clock: {
    expected: "a Clock with now and setTimer",
    is: (value): value is Clock => isObject(value) && callback.is(value.now) && callback.is(value.setTimer),
  },
  random: callback as Field<() => number>,
};

/** @throws SttError `invalid_argument` */
export function resolveClientOptions(
  options: SttClientOptions & { socketFactory: SocketFactory },
): ResolvedClientOptions {
  checkOptions("A client", options, OPTIONS);
  const { token, reconnect = {} } = options;
  checkOptions("The option reconnect", reconnect, RECONNECT);
  const urls = typeof options.url === "string" ? [options.url] : [...(options.url ?? [])];
  if (urls.length === 0)
    throw new SttError("invalid_argument", "The option url is missing: give the server's address.");
  return {
    urls: urls.map(normalizeStreamUrl),
    token: typeof token === "function" ? token : () => token,
    renewsToken: typeof token === "function",
    audio: options.audio ?? { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 },
    reconnect: {
      enabled: reconnect.enabled ?? true,
      giveUpAfterMs: reconnect.giveUpAfterMs ?? Number.POSITIVE_INFINITY,
      initial: reconnect.initial ?? false,
      initialDelayMs: reconnect.initialDelayMs ?? 500,
      maxDelayMs: reconnect.maxDelayMs ?? 15_000,
    },
    maxReplayMs: options.maxReplayMs ?? 120_000,
    warmUpMs: options.warmUpMs ?? 4000,
    connectTimeoutMs: options.connectTimeoutMs ?? 15_000,
    stopTimeoutMs: options.stopTimeoutMs ?? 120_000,
    pingIntervalMs: options.pingIntervalMs ?? 10_000,
    pongTimeoutMs: options.pongTimeoutMs ?? 10_000,
    maxBufferedBytes: options.maxBufferedBytes ?? 65_536,
    socketFactory: options.socketFactory,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    session: pickSessionOptions(options),
  };
}

/**
 * Only what goes to the server, and only what was given.
 *
 * @throws SttError `invalid_argument` for a language that Whisper does not know
 */
export function pickSessionOptions(options: SessionOptions): SessionOptions {
  const given: SessionOptions = {
    ...options,
    language: readLanguage(options.language),
    languages: readLanguages(options.languages),
    likelyLanguages: readLanguages(options.likelyLanguages, "likelyLanguages"),
  };
  const picked: Record<string, unknown> = {};
  for (const key of Object.keys(SESSION_SHAPE) as (keyof SessionOptions)[]) {
    if (given[key] !== undefined) picked[key] = given[key];
  }
  return picked;
}

const URL_PARTS = /^(wss?|https?):\/\/([^/?#\s]+)([^?#\s]*)(\?[^#\s]*)?$/i;

/**
 * The stream's URL of a server given as a person would: `http` means `ws`, and a path is what stands in front of `/v1/stream`, with
 * which it may end as well: `https://example.org/stt` means `wss://example.org/stt/v1/stream`.
 *
 * @throws SttError `invalid_argument`
 */
export function normalizeStreamUrl(url: string): string {
  const parts = URL_PARTS.exec(url.trim());
  if (!parts) {
    throw new SttError("invalid_argument", `"${url}" is not a server address such as ws://localhost:8012.`);
  }
  const [, scheme = "", host = "", path = "", query = ""] = parts;
  const secure = scheme.toLowerCase() === "wss" || scheme.toLowerCase() === "https";
  const prefix = prefixOf(path);
  return `${secure ? "wss" : "ws"}://${host}${prefix}${STREAM_PATH}${query}`;
}

/** What a path has in front of that of the stream, without a slash at its end. */
function prefixOf(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  return trimmed.endsWith(STREAM_PATH) ? trimmed.slice(0, -STREAM_PATH.length) : trimmed;
}
