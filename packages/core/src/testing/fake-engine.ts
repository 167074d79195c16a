import type { Clock } from "../clock.js";
import type { EngineInfo, TranscribedWord, TranscribeOptions, Transcription, TranscriptionEngine } from "../engine.js";
import { ENGINE_SAMPLE_RATE } from "../engine.js";
import { abortError, SttError } from "../errors.js";

/** One call of a {@link FakeEngine}. */
export interface FakeEngineCall {
  /** 0 for the first. */
  index: number;
  /** A copy. */
  audio: Float32Array;
  options: TranscribeOptions;
  signal: AbortSignal | undefined;
  state: "running" | "done" | "failed" | "aborted";
}

/** A text, a transcription where it matters, or an error to fail with. */
export type FakeAnswer = string | Partial<Transcription> | Error;

export interface FakeEngineOptions {
  /** What is heard: the same for every call, one per call (the last repeats), or computed. @default "" */
  answers?: FakeAnswer | readonly FakeAnswer[] | ((call: FakeEngineCall) => FakeAnswer);
  /** Time a call takes on `clock`; `manual` waits for {@link FakeEngine.finishNext}. @default 0 */
  latencyMs?: number | "manual" | ((call: FakeEngineCall) => number);
  /** Needed for a latency above 0. */
  clock?: Clock;
  info?: Partial<EngineInfo>;
}

const INFO: EngineInfo = {
  name: "fake",
  model: "fake",
  multilingual: true,
  requestedDevice: "cpu",
  actualDevice: "cpu",
  concurrency: 1,
  capabilities: {
    beamSearch: true,
    prompt: true,
    wordTimestamps: true,
    languageDetection: true,
    translation: true,
    abort: true,
    audioContext: true,
    maxAudioMs: 30_000,
  },
};

/** An engine that hears what a script says, takes as long as a script says, and remembers what it was asked. */
export class FakeEngine implements TranscriptionEngine {
  readonly info: EngineInfo;
  readonly calls: FakeEngineCall[] = [];
  /** Most calls that ran at the same time. */
  peakRunning = 0;
  readonly #options: FakeEngineOptions;
  /** Ends of the running calls: with an error to abort, without to answer. */
  readonly #running = new Map<FakeEngineCall, (error?: SttError) => void>();
  #closed = false;

  constructor(options: FakeEngineOptions = {}) {
    this.#options = options;
    this.info = { ...INFO, ...options.info };
  }

  /** Calls that run now. */
  get running(): number {
    return this.#running.size;
  }

  get closed(): boolean {
    return this.#closed;
  }

  transcribe(audio: Float32Array, options: TranscribeOptions, signal?: AbortSignal): Promise<Transcription> {
    const call: FakeEngineCall = {
      index: this.calls.length,
      audio: audio.slice(),
      options: { ...options },
      signal,
      state: "running",
    };
    this.calls.push(call);
    return new Promise((resolve, reject) => {
      let stopTimer = () => {};
      const onAbort = () => end(abortError(signal?.reason));
      const end = (error?: SttError) => {
        if (!this.#running.delete(call)) return;
        stopTimer();
        signal?.removeEventListener("abort", onAbort);
        const answer = error ?? this.#answer(call);
        call.state = error ? "aborted" : answer instanceof Error ? "failed" : "done";
        if (answer instanceof Error) reject(answer);
        else resolve(answer);
      };
      this.#running.set(call, end);
      this.peakRunning = Math.max(this.peakRunning, this.#running.size);
      if (this.#closed) return end(new SttError("aborted", "The fake engine is closed."));
      if (signal?.aborted) return onAbort();
      signal?.addEventListener("abort", onAbort);
      stopTimer = this.#schedule(call, () => end());
    });
  }

  /** Ends the oldest running call of an engine with `manual` latency. @returns whether there was one */
  finishNext(): boolean {
    const [oldest] = this.#running.values();
    oldest?.();
    return oldest !== undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const end of [...this.#running.values()]) end(new SttError("aborted", "The fake engine was closed."));
  }

  #schedule(call: FakeEngineCall, done: () => void): () => void {
    const { latencyMs = 0, clock } = this.#options;
    if (latencyMs === "manual") return () => {};
    const delay = typeof latencyMs === "function" ? latencyMs(call) : latencyMs;
    if (delay > 0) {
      if (!clock) throw new SttError("invalid_argument", "A FakeEngine with a latency needs a clock.");
      return clock.setTimer(delay, done);
    }
    // Never within the call itself: a real engine does not answer so soon either.
    void Promise.resolve().then(done);
    return () => {};
  }

  #answer(call: FakeEngineCall): Transcription | Error {
    const { answers = "" } = this.#options;
    let answer: FakeAnswer;
    if (typeof answers === "function") answer = answers(call);
    else if (isList(answers)) answer = answers[Math.min(call.index, answers.length - 1)] ?? "";
    else answer = answers;
    if (answer instanceof Error) return answer;
    return typeof answer === "string"
      ? transcriptionOf(answer, call)
      : { ...transcriptionOf(answer.text ?? "", call), ...answer };
  }
}

function isList(answers: FakeAnswer | readonly FakeAnswer[]): answers is readonly FakeAnswer[] {
  return Array.isArray(answers);
}

/** A confident transcription of one segment; its words share the audio evenly. */
function transcriptionOf(text: string, call: FakeEngineCall): Transcription {
  const audioMs = (call.audio.length * 1000) / ENGINE_SAMPLE_RATE;
  const texts = text.split(/\s+/).filter((word) => word !== "");
  const words = texts.map(
    (word, index): TranscribedWord => ({
      text: word,
      startMs: (audioMs * index) / texts.length,
      endMs: (audioMs * (index + 1)) / texts.length,
      confidence: 0.9,
    }),
  );
  return {
    text: text.trim(),
    language: call.options.language === "auto" ? "en" : call.options.language,
    languageProbability: 0.99,
    segments:
      texts.length === 0
        ? []
        : [
            {
              text,
              startMs: 0,
              endMs: audioMs,
              noSpeechProbability: 0.01,
              averageLogProbability: -0.1,
              tokenCount: texts.length,
              ...(call.options.words && { words }),
            },
          ],
    audioMs,
    computeMs: 0,
  };
}
