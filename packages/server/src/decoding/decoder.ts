import { ENGINE_SAMPLE_RATE, type TranscribeOptions, type Transcription, type TranscriptionEngine } from "@stt/core";
import { beamsFor } from "@stt/core/config";
import type { JobHandle, JobKind, Scheduler } from "../scheduler/scheduler.js";
import type { SessionSettings } from "../settings/session-settings.js";
import { correctTerms } from "../text/vocabulary/correct-terms.js";
import { favouredTerms } from "./favoured-terms.js";
import type { LanguageRequest } from "./language-keeper.js";
import { transcribeWithSecondLook } from "./second-look.js";
import { vocabularyPrompt } from "./vocabulary-prompt.js";

/** Most characters of vocabulary and prompt handed to a model: a long prompt can override the audio. */
const MAX_PROMPT_CHARACTERS = 800;

export interface DecoderServices {
  scheduler: Scheduler;
  finalEngine: TranscriptionEngine;
  partialEngine: TranscriptionEngine;
}

/**
 * Encoder positions of a final, at least: 10 s, which an utterance of 7 s fills. On 209 English recordings 3.5 % of the words were wrong, with 1024
 * positions 3.4 %; on 184 Russian ones 17.7 % both ways (with fused attention; without it, as on a CPU, 3.6 and 17.4 %). Twice the window doubles the wait for a short utterance, whose decode no longer
 * hides in the silence that ends it.
 */
const FINAL_AUDIO_CONTEXT = 512;
/**
 * The same for live text, which is decoded over and over: of 100 words 7 (English) and 21 (Russian) were changed later in a first look
 * at 17 recordings, 5 and 19 with 512 positions, at four fifths of the cost. The first looks at an utterance are to come soon, and
 * hear half a second.
 */
const LIVE_AUDIO_CONTEXT = { "first-partial": 256, partial: 384 };

/** What to decode, and in which words to ask for it. */
export interface DecodeRequest {
  /** 16 kHz mono samples in [-1, 1]. */
  audio: Float32Array;
  settings: SessionSettings;
  language: LanguageRequest;
  /** Text that came before. */
  context: string;
}

/** Instead of what the settings say. */
export interface FinalOverrides {
  audioContext?: SessionSettings["finalAudioContext"];
  /** Whisper's code. */
  language?: string;
  /** 0..1 */
  temperature?: number;
}

/** Asks the engines for finals and live text through the scheduler, in the words of one session's settings. */
export class Decoder {
  readonly #services: DecoderServices;
  readonly #owner: string;

  /** @param owner whose jobs they are: the scheduler is fair between owners */
  constructor(owner: string, services: DecoderServices) {
    this.#owner = owner;
    this.#services = services;
  }

  final(
    kind: Extract<JobKind, "final" | "speculative" | "batch">,
    { audio, settings, language, context }: DecodeRequest,
    overrides: FinalOverrides = {},
  ): JobHandle<Transcription> {
    const { finalEngine } = this.#services;
    const request = overrides.language === undefined ? language : { language: overrides.language };
    return this.#submit(kind, finalEngine, audio, settings, request, {
      task: settings.task,
      prompt: promptFor(settings, context),
      ...favouring(settings),
      beamSize: beamsFor(settings.beamSize, "final", finalEngine.info.actualDevice),
      temperature: overrides.temperature ?? settings.temperature,
      audioContext: overrides.audioContext ?? windowOf(settings.finalAudioContext, FINAL_AUDIO_CONTEXT),
      // Live text goes on behind what a final says: the times of its words tell where.
      words:
        settings.words ||
        (kind !== "batch" && settings.partials !== false && finalEngine.info.capabilities.wordTimestamps),
    });
  }

  partial(
    kind: Extract<JobKind, "first-partial" | "partial">,
    { audio, settings, language, context }: DecodeRequest,
  ): JobHandle<Transcription> {
    const { partialEngine } = this.#services;
    return this.#submit(kind, partialEngine, audio, settings, language, {
      task: settings.task,
      prompt: promptFor(settings, context),
      ...favouring(settings),
      beamSize: beamsFor(settings.beamSizeRealtime, "live", partialEngine.info.actualDevice),
      audioContext: windowOf(settings.partialAudioContext, LIVE_AUDIO_CONTEXT[kind]),
      // A partial that looks broken is cheaper to replace by the next than to decode again.
      temperatureFallback: false,
      words: partialEngine.info.capabilities.wordTimestamps,
    });
  }

  #submit(
    kind: JobKind,
    engine: TranscriptionEngine,
    audio: Float32Array,
    { vocabulary, vocabularyCorrection }: SessionSettings,
    language: LanguageRequest,
    options: Omit<TranscribeOptions, "language" | "languages">,
  ) {
    return this.#services.scheduler.submit({
      kind,
      owner: this.#owner,
      audioMs: (audio.length * 1000) / ENGINE_SAMPLE_RATE,
      run: async (signal, lanes) => {
        const asked = lanes > 1 ? { ...options, lanes } : options;
        const transcription = await transcribeWithSecondLook(engine, audio, language, asked, signal);
        return vocabularyCorrection ? correctTerms(transcription, vocabulary) : transcription;
      },
    });
  }
}

function windowOf(set: "auto" | "full" | number, auto: number): "full" | number {
  return set === "auto" ? auto : set;
}

/** How the engine is to favour the session's terms; nothing where it is not. */
function favouring({ vocabulary, vocabularyBias }: SessionSettings): Pick<TranscribeOptions, "terms" | "termWeight"> {
  if (vocabulary.length === 0 || vocabularyBias === 0) return {};
  return { terms: favouredTerms(vocabulary), termWeight: vocabularyBias };
}

function promptFor(settings: SessionSettings, context: string): string {
  const parts = [settings.prompt, vocabularyPrompt(settings.vocabulary), context].filter((part) => part !== "");
  return parts.join(" ").slice(-MAX_PROMPT_CHARACTERS);
}
