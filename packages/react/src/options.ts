/** What `useTranscription` takes. */
import type { AudioSource, ClientEvent, MicrophoneOptions, SttClient, SttClientOptions } from "@stt/client-web";
import type { SessionOptions, SttError } from "@stt/core";
import { callback, checkOptions, type Field, flag, isObject, SESSION_SHAPE } from "@stt/core/callers";

/**
 * All of the client's options, the microphone's, and callbacks. May be a new object on every render: what counts are the values.
 *
 * - Session options (`language`, `languages`, `prompt`, ...) that change apply from the next utterance on.
 * - Another `microphone.deviceId` takes over in the middle of a recording.
 * - Another `url` or `client` is used from the next `start` on, with its own transcript.
 * - `token`, `microphone` and callbacks are always the latest; other options are those of the first `start`.
 */
export interface TranscriptionOptions extends SttClientOptions {
  /** Device and processing; `workletUrl` for strict policies. */
  microphone?: MicrophoneOptions | undefined;
  /** A client of one's own, shared or scripted. It is never closed here, and options that make a client have no effect. */
  client?: SttClient | undefined;
  /**
   * Begins by itself as soon as the page may use the microphone: on mount where it may already, else once the user has allowed
   * it. Never makes the browser ask: that is for `start`, behind a button.
   *
   * @default false
   */
  autoStart?: boolean | undefined;
  /** Where `start` gets its audio from. @default the microphone */
  source?: ((options: MicrophoneOptions) => Promise<AudioSource>) | undefined;
  /** Every event of the client. */
  onEvent?: ((event: ClientEvent) => void) | undefined;
  /** The text of an utterance that is final. */
  onFinal?: ((text: string) => void) | undefined;
  /**
   * The speaker has finished, and this is what he said in his last utterance. With `endpointing: { endOfTurn: "model" }` that is heard in
   * his voice; `turn` events in `onEvent` tell sooner that it is likely.
   */
  onTurnEnd?: ((text: string) => void) | undefined;
  /** Whatever `error` comes to show. */
  onError?: ((error: SttError) => void) | undefined;
}

/** What only the hook takes; the client and the microphone hold their own. */
const HOOK_SHAPE: Readonly<Record<string, Field<unknown>>> = {
  ...SESSION_SHAPE,
  microphone: { expected: "an object of options", is: isObject },
  client: {
    expected: "a client, such as createSttClient() gives",
    is: (value: unknown): value is SttClient => callback.is((value as Partial<SttClient> | null)?.subscribe),
  },
  autoStart: flag,
  source: callback,
  onEvent: callback,
  onFinal: callback,
  onTurnEnd: callback,
  onError: callback,
};

/** @throws SttError `invalid_argument` */
export function checkTranscriptionOptions(options: unknown): void {
  checkOptions("useTranscription", options, HOOK_SHAPE);
}

/** The options that a running session can change. */
export function sessionOptionsOf(options: TranscriptionOptions): SessionOptions {
  const keys = Object.keys(SESSION_SHAPE) as (keyof SessionOptions)[];
  return Object.fromEntries(keys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])));
}
