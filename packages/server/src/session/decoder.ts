import { ENGINE_SAMPLE_RATE, type TranscribeOptions, type Transcription, type TranscriptionEngine } from "@stt/core";
import type { JobHandle, JobKind, Scheduler } from "../scheduler/scheduler.js";
import type { SessionSettings } from "./settings.js";

/** Most characters of vocabulary and prompt handed to a model: a long prompt can override the audio. */
const MAX_PROMPT_CHARACTERS = 800;

/** Asks the engines for finals and partials through the scheduler, in the words of one session's settings. */
export class Decoder {
  readonly #scheduler: Scheduler;
  readonly #finalEngine: TranscriptionEngine;
  readonly #partialEngine: TranscriptionEngine;
  readonly #owner: string;

  constructor(
    owner: string,
    services: { scheduler: Scheduler; finalEngine: TranscriptionEngine; partialEngine: TranscriptionEngine },
  ) {
    this.#owner = owner;
    this.#scheduler = services.scheduler;
    this.#finalEngine = services.finalEngine;
    this.#partialEngine = services.partialEngine;
  }

  /** @param audioContext instead of the settings' one. */
  final(
    kind: Extract<JobKind, "final" | "speculative" | "batch">,
    audio: Float32Array,
    settings: SessionSettings,
    language: string,
    context: string,
    audioContext: SessionSettings["finalAudioContext"] = settings.finalAudioContext,
  ): JobHandle<Transcription> {
    return this.#submit(kind, this.#finalEngine, audio, {
      language,
      task: settings.task,
      prompt: promptOf(settings, context),
      beamSize: settings.beamSize,
      temperature: settings.temperature,
      audioContext,
      words: settings.words,
    });
  }

  partial(
    kind: Extract<JobKind, "first-partial" | "partial">,
    audio: Float32Array,
    settings: SessionSettings,
    language: string,
    context: string,
  ): JobHandle<Transcription> {
    return this.#submit(kind, this.#partialEngine, audio, {
      language,
      task: settings.task,
      prompt: promptOf(settings, context),
      beamSize: settings.beamSizeRealtime,
      audioContext: settings.partialAudioContext,
      // A partial that looks broken is cheaper to replace by the next than to decode again.
      temperatureFallback: false,
      words: this.#partialEngine.info.capabilities.wordTimestamps,
    });
  }

  #submit(kind: JobKind, engine: TranscriptionEngine, audio: Float32Array, options: TranscribeOptions) {
    return this.#scheduler.submit({
      kind,
      owner: this.#owner,
      audioMs: (audio.length * 1000) / ENGINE_SAMPLE_RATE,
      run: (signal) => engine.transcribe(audio, options, signal),
    });
  }
}

function promptOf(settings: SessionSettings, context: string): string {
  const parts = [settings.prompt, settings.vocabulary.join(", "), context].filter((part) => part !== "");
  return parts.join(" ").slice(-MAX_PROMPT_CHARACTERS);
}
