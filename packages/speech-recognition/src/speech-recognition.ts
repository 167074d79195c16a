/** `SpeechRecognition` of the Web Speech API, with the server's address put in beforehand. */
import { createSttClient, type MicrophoneOptions, microphone, type SttClientOptions } from "@stt/client-web";
import type { AudioSource } from "@stt/core";
import { checkOptions, type OptionShape, within } from "@stt/core/callers";
import type { SpeechRecognitionErrorEvent, SpeechRecognitionEvent } from "./events.js";
import { SpeechGrammarList, type SpeechRecognitionPhrase } from "./grammars.js";
import { RecognitionSession } from "./session.js";

/** What the browser's own interface has no place for. All options of `createSttClient` are options too. */
export interface SpeechRecognitionOptions extends Omit<SttClientOptions, "audio"> {
  /**
   * Whether transcripts have the marks of a sentence. Browsers give words alone, and voice commands are compared with those; the text
   * with its punctuation is then the second alternative. Set it for dictation. @default false
   */
  punctuation?: boolean;
  /** Ends with `no-speech` when nobody has spoken for so long after the start, milliseconds. @default 8000 */
  noSpeechTimeoutMs?: number;
  /** Of the microphone. @default the browser's default device */
  microphone?: Omit<MicrophoneOptions, "signal">;
  /** Opens something else to listen to. @default the microphone */
  source?: (signal: AbortSignal) => AudioSource | Promise<AudioSource>;
}

const OWN: OptionShape<Pick<SpeechRecognitionOptions, "noSpeechTimeoutMs">> = {
  noSpeechTimeoutMs: within(100, 3_600_000),
};

/** What listeners get, by the name of the event. */
export interface SpeechRecognitionEventMap {
  audiostart: Event;
  soundstart: Event;
  speechstart: Event;
  speechend: Event;
  soundend: Event;
  audioend: Event;
  result: SpeechRecognitionEvent;
  nomatch: SpeechRecognitionEvent;
  error: SpeechRecognitionErrorEvent;
  start: Event;
  end: Event;
}

type Handler<T extends keyof SpeechRecognitionEventMap> =
  | ((this: SpeechRecognition, event: SpeechRecognitionEventMap[T]) => unknown)
  | null;

/** The Web Speech API's `SpeechRecognition`. {@link createSpeechRecognition} makes one that knows its server. */
export class SpeechRecognition extends EventTarget {
  /** Kept and not used, as in browsers. */
  grammars = new SpeechGrammarList();
  /** Words and terms to expect, from the next `start` on. */
  phrases: SpeechRecognitionPhrase[] = [];
  /** A language tag such as `en-US`. @default that of the page's root element, else the server's setting */
  lang = "";
  /** Goes on after an utterance. */
  continuous = false;
  /** Tells text that may still change. */
  interimResults = false;
  /** At most so many ways to write a final; the server knows two. */
  maxAlternatives = 1;
  declare onaudiostart: Handler<"audiostart">;
  declare onsoundstart: Handler<"soundstart">;
  declare onspeechstart: Handler<"speechstart">;
  declare onspeechend: Handler<"speechend">;
  declare onsoundend: Handler<"soundend">;
  declare onaudioend: Handler<"audioend">;
  declare onresult: Handler<"result">;
  declare onnomatch: Handler<"nomatch">;
  declare onerror: Handler<"error">;
  declare onstart: Handler<"start">;
  declare onend: Handler<"end">;
  readonly #options: SpeechRecognitionOptions;
  #session: RecognitionSession | undefined;

  /** @throws SttError `invalid_argument` */
  constructor(options: SpeechRecognitionOptions = {}) {
    super();
    const { noSpeechTimeoutMs } = options;
    checkOptions("SpeechRecognition", { noSpeechTimeoutMs }, OWN);
    this.#options = options;
    // What is wrong with an address is told here; a language and phrases are still to come.
    void createSttClient(this.#clientOptions()).close();
  }

  /**
   * Listens, asking the user for the microphone if need be. What goes wrong comes as `error`.
   *
   * @throws DOMException `InvalidStateError` before the last session has ended
   */
  start(): void {
    if (this.#session) throw new DOMException("Recognition has already started.", "InvalidStateError");
    const { punctuation = false, noSpeechTimeoutMs = 8000, microphone: device, source } = this.#options;
    const session = new RecognitionSession(
      {
        lang: this.lang || document.documentElement.lang,
        continuous: this.continuous,
        interimResults: this.interimResults,
        maxAlternatives: this.maxAlternatives,
        phrases: [...this.phrases].map(({ phrase }) => phrase),
        punctuation,
        noSpeechTimeoutMs,
        client: this.#clientOptions(),
        open: async (signal) => (source ? source(signal) : microphone({ ...device, signal })),
      },
      (event) => {
        // A listener of `end` may start again.
        if (event.type === "end" && this.#session === session) this.#session = undefined;
        this.dispatchEvent(event);
      },
    );
    this.#session = session;
    void session.run();
  }

  /** Takes no more audio; the result of what was said still comes, then `end`. */
  stop(): void {
    this.#session?.stop();
  }

  /** Ends at once; no result comes any more. */
  abort(): void {
    this.#session?.fail("aborted", "Recognition was aborted.");
  }

  #clientOptions(): SttClientOptions {
    const { punctuation: _, noSpeechTimeoutMs: __, microphone: ___, source: ____, ...client } = this.#options;
    return client;
  }

  override addEventListener<T extends keyof SpeechRecognitionEventMap>(
    type: T,
    listener: (this: SpeechRecognition, event: SpeechRecognitionEventMap[T]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(type: string, listener: unknown, options?: boolean | AddEventListenerOptions): void {
    super.addEventListener(type, listener as EventListenerOrEventListenerObject | null, options);
  }
}

/** Of the properties `onresult` and its kin: one listener each, which keeps its place when it is replaced. */
const handlers = new WeakMap<SpeechRecognition, Map<string, unknown>>();

const NAMES = Object.keys({
  audiostart: true,
  soundstart: true,
  speechstart: true,
  speechend: true,
  soundend: true,
  audioend: true,
  result: true,
  nomatch: true,
  error: true,
  start: true,
  end: true,
} satisfies Record<keyof SpeechRecognitionEventMap, true>);

for (const name of NAMES) {
  Object.defineProperty(SpeechRecognition.prototype, `on${name}`, {
    configurable: true,
    enumerable: true,
    get(this: SpeechRecognition) {
      return handlers.get(this)?.get(name) ?? null;
    },
    set(this: SpeechRecognition, value: unknown) {
      const own = handlers.get(this) ?? new Map<string, unknown>();
      handlers.set(this, own);
      if (!own.has(name)) {
        this.addEventListener(name, (event: Event) => {
          const handler = own.get(name);
          if (typeof handler === "function") handler.call(this, event);
        });
      }
      own.set(name, typeof value === "function" ? value : null);
    },
  });
}

/** A constructor without arguments, as browsers have it. */
export type SpeechRecognitionClass = new () => SpeechRecognition;

/**
 * Makes a `SpeechRecognition` that listens through a server of yours, for programs that bring their own use of it.
 *
 * @param options `url` defaults to the server that served the page
 * @example
 * SpeechRecognition.applyPolyfill(createSpeechRecognition({ url: "https://stt.example.org", token })); // react-speech-recognition
 * globalThis.SpeechRecognition = createSpeechRecognition({ url: "https://stt.example.org", token }); // annyang
 * @throws SttError `invalid_argument`
 */
export function createSpeechRecognition(options: SpeechRecognitionOptions = {}): SpeechRecognitionClass {
  // What is wrong is told here, and not in the middle of somebody else's program; a page may be made where there is no browser.
  if (typeof location !== "undefined") new SpeechRecognition(options);
  return class extends SpeechRecognition {
    constructor() {
      super(options);
    }
  };
}
