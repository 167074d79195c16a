/** One time of listening, from `start` to `end`. */
import { createSttClient, isSttError, type SttClient, type SttClientOptions } from "@stt/client-web";
import type { AudioSource, ClientEvent } from "@stt/core";
import { type SpeechRecognitionErrorCode, SpeechRecognitionErrorEvent, SpeechRecognitionEvent } from "./events.js";
import { failureOf } from "./failure.js";
import { Transcript, type TranscriptForm } from "./transcript.js";

/** What a session is begun with; later changes of the object count for the next one. */
export interface SessionSetup extends TranscriptForm {
  /** As the page gave it; empty where it did not. */
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  phrases: readonly string[];
  noSpeechTimeoutMs: number;
  client: SttClientOptions;
  /** Opens what is listened to. */
  open(signal: AbortSignal): Promise<AudioSource>;
}

/** A session tells its object what happens, and nothing after `end`. */
export class RecognitionSession {
  readonly #setup: SessionSetup;
  readonly #tell: (event: Event) => void;
  readonly #transcript: Transcript;
  /** Fires when it is over, or has to be. */
  readonly #scope = new AbortController();
  #client: SttClient | undefined;
  #hasAudio = false;
  #hasSpeech = false;
  #isStopping = false;
  #isOver = false;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor(setup: SessionSetup, tell: (event: Event) => void) {
    this.#setup = setup;
    this.#tell = tell;
    this.#transcript = new Transcript(setup);
  }

  /** Listens; everything that can fail is told as an event. */
  async run(): Promise<void> {
    const { lang, phrases, client: options, open, noSpeechTimeoutMs } = this.#setup;
    let source: AudioSource | undefined;
    try {
      // Nothing is told before `start` has returned.
      await Promise.resolve();
      if (this.#isOver) return;
      const language = lang === "" ? {} : { language: lang };
      const vocabulary = phrases.length === 0 ? {} : { vocabulary: [...phrases] };
      this.#client = this.#createClient({ ...options, ...language, ...vocabulary });
      if (!this.#client) return;
      source = await open(this.#scope.signal);
      if (this.#isOver || this.#isStopping) {
        await source.close?.();
        this.#end();
        return;
      }
      this.#tell(new Event("start"));
      this.#hasAudio = true;
      this.#tell(new Event("audiostart"));
      this.#client.on("event", (event) => this.#onEvent(event));
      this.#silence = setTimeout(() => this.fail("no-speech", "Nobody spoke."), noSpeechTimeoutMs);
      await this.#client.start(source, { signal: this.#scope.signal });
    } catch (error) {
      const { error: code, message } = failureOf(error);
      this.fail(code, message);
    }
  }

  /** Takes no more audio; what was said becomes text, then it ends. */
  stop(): void {
    if (this.#isOver || this.#isStopping) return;
    this.#isStopping = true;
    if (!this.#hasAudio) {
      this.#scope.abort();
      return;
    }
    clearTimeout(this.#silence);
    const last = this.#client!.stop();
    this.#tellSilence();
    last.then(
      () => this.#end(),
      (error) => {
        const { error: code, message } = failureOf(error);
        this.fail(code, message);
      },
    );
  }

  /** Ends at once, with an error. */
  fail(error: SpeechRecognitionErrorCode, message: string): void {
    if (this.#isOver) return;
    // A stop before anything was heard is no failure.
    if (error === "aborted" && this.#isStopping && !this.#hasAudio) {
      this.#end();
      return;
    }
    this.#tellSilence();
    this.#tell(new SpeechRecognitionErrorEvent("error", { error, message }));
    this.#end();
  }

  #createClient(options: SttClientOptions): SttClient | undefined {
    try {
      return createSttClient(options);
    } catch (error) {
      if (!isSttError(error)) throw error;
      const about = /vocabulary/.test(error.message) ? "phrases-not-supported" : "language-not-supported";
      this.fail(about, error.message);
      return undefined;
    }
  }

  #onEvent(event: ClientEvent): void {
    if (this.#isOver) return;
    switch (event.type) {
      case "speech_start":
        this.#onSpeech();
        return;
      case "partial":
        if (!this.#setup.interimResults) return;
        this.#onText({
          utterance: event.utterance,
          text: [event.committed, event.tentative].filter(Boolean).join(" "),
          language: event.language,
          confidence: 0,
          isFinal: false,
        });
        return;
      case "final":
        this.#onSpeech();
        if (!this.#setup.continuous && event.continues !== true) this.#tellSilence();
        this.#onText({ ...event, isFinal: true });
        if (!this.#setup.continuous && event.continues !== true) this.#end();
        return;
      case "discarded": {
        this.#transcript.drop(event.utterance);
        const { results } = this.#transcript;
        if (!this.#setup.continuous) this.#tellSilence();
        this.#tell(new SpeechRecognitionEvent("nomatch", { results, resultIndex: results.length }));
        if (!this.#setup.continuous) this.#end();
        return;
      }
      case "error":
        if (event.fatal) this.fail(failureOf(this.#client?.getSnapshot().error).error, event.message);
        return;
      case "source_end":
        // A device that went for good, or a source that was finite.
        this.stop();
        return;
      default:
    }
  }

  #onSpeech(): void {
    clearTimeout(this.#silence);
    if (this.#hasSpeech || !this.#hasAudio) return;
    this.#hasSpeech = true;
    this.#tell(new Event("soundstart"));
    this.#tell(new Event("speechstart"));
  }

  #onText(heard: Parameters<Transcript["set"]>[0]): void {
    if (heard.text === "") return;
    const resultIndex = this.#transcript.set(heard);
    const { results } = this.#transcript;
    this.#tell(new SpeechRecognitionEvent("result", { resultIndex, results }));
  }

  /** The counterparts of what was told to begin, the last first. */
  #tellSilence(): void {
    if (!this.#hasAudio) return;
    this.#hasAudio = false;
    if (this.#hasSpeech) {
      this.#tell(new Event("speechend"));
      this.#tell(new Event("soundend"));
    }
    this.#tell(new Event("audioend"));
  }

  #end(): void {
    if (this.#isOver) return;
    this.#tellSilence();
    this.#isOver = true;
    clearTimeout(this.#silence);
    this.#scope.abort();
    void this.#client?.close();
    this.#tell(new Event("end"));
  }
}
