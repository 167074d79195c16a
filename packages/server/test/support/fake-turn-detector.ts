import type { Clock } from "@stt/core";
import type { PendingAnswer, TurnDetector, TurnQuestion } from "../../src/turn/turn-detector.js";

export interface FakeTurnDetectorOptions {
  clock: Clock;
  /** One after the other, the last again and again; undefined is no answer, and `never` does not come. */
  answers: readonly (number | undefined | "never")[];
  /** From the question to its answer. @default 100 */
  latencyMs?: number;
}

/** Answers by a list, and remembers what it was asked. */
export class FakeTurnDetector implements TurnDetector {
  readonly asked: TurnQuestion[] = [];
  cancelled = 0;
  readonly #options: FakeTurnDetectorOptions;

  constructor(options: FakeTurnDetectorOptions) {
    this.#options = options;
  }

  ask(question: TurnQuestion): PendingAnswer {
    const { clock, answers, latencyMs = 100 } = this.#options;
    const answer = answers[Math.min(this.asked.length, answers.length - 1)];
    this.asked.push(question);
    let settle: (probability: number | undefined) => void = () => {};
    const probability = new Promise<number | undefined>((resolve) => {
      settle = resolve;
    });
    const stop = answer === "never" ? () => {} : clock.setTimer(latencyMs, () => settle(answer));
    return {
      probability,
      cancel: () => {
        this.cancelled++;
        stop();
        settle(undefined);
      },
    };
  }

  prepare(): void {}

  async close(): Promise<void> {}
}
