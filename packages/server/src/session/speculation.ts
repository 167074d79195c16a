import { ENGINE_SAMPLE_RATE, type SpeechPart, type UtteranceTracker } from "@stt/core";
import type { Timeline } from "./audio-intake.js";
import type { FinalQueue } from "./final-queue.js";
import type { LiveTextWriter } from "./live-text.js";
import type { TurnEvents } from "./turn-events.js";
import type { Utterance, UtterancePart } from "./utterance.js";

export interface SpeculationOptions {
  tracker: Pick<UtteranceTracker, "sample" | "partUntil">;
  finals: FinalQueue;
  live: LiveTextWriter;
  turns: TurnEvents;
  timeline: Timeline;
  withAudio(part: SpeechPart): UtterancePart;
  /** Whether live text and finals come from one model: then one decode can serve both. */
  isOneEngine(): boolean;
}

/** A silence in which the speaker has probably finished. */
interface LikelyEnd {
  readonly utterance: number;
  readonly silenceSample: number;
}

/**
 * What is done ahead while the end silence is still being counted: the final is decoded, and where the speaker has probably finished,
 * its text is told.
 */
export class Speculation {
  readonly #options: SpeculationOptions;
  #likely: LikelyEnd | undefined;
  /** Whether its text is on its way. */
  #isTelling = false;

  constructor(options: SpeculationOptions) {
    this.#options = options;
  }

  /** Called once per frame while an utterance is open. @param silenceSample where the silence began; undefined during speech */
  onFrame({ settings }: Utterance, silenceSample: number | undefined): void {
    const { tracker, finals, live, withAudio, isOneEngine } = this.#options;
    if (silenceSample === undefined || !settings.speculativeFinals) return;
    if (finals.speculating || !finals.settled) return;
    const endSample = silenceSample + (settings.speculativeSilenceMs * ENGINE_SAMPLE_RATE) / 1000;
    if (tracker.sample < endSample) return;
    const part = withAudio(tracker.partUntil(endSample));
    const decode = finals.speculate(part);
    if (decode && isOneEngine()) live.listenTo(decode, part.startSample, endSample);
    this.#tell();
  }

  /** The speaker has probably finished with this silence: its text is told as soon as it is there. */
  expectEnd({ number }: Utterance, silenceSample: number): void {
    this.#likely = { utterance: number, silenceSample };
    this.#tell();
  }

  /** Speech goes on: all of it was in vain. */
  overtake(): void {
    this.forget();
    this.#options.finals.dropSpeculation();
  }

  /** The utterance is over: its final says the rest. */
  forget(): void {
    this.#likely = undefined;
    this.#isTelling = false;
  }

  #tell(): void {
    const { finals, live, turns, timeline } = this.#options;
    const likely = this.#likely;
    if (!likely || this.#isTelling || !finals.speculating) return;
    this.#isTelling = true;
    void finals
      .eagerText(likely.silenceSample, () => live.snapshot())
      .then((text) => {
        if (text === undefined || this.#likely !== likely) return;
        turns.eagerEnd(likely.utterance, text, timeline.toMs(likely.silenceSample));
      });
  }
}
