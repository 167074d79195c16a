interface Command {
  /** The sample it waits for. */
  atSample: number;
  run(): void;
}

/** Commands that take their place in the stream of audio: each runs once the detector has seen all audio received before it. */
export class SampleOrderedQueue {
  readonly #waiting: Command[] = [];

  /** Whether none waits. */
  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Runs with the first {@link runUpTo} of this sample or a later one. */
  add(atSample: number, run: () => void): void {
    this.#waiting.push({ atSample, run });
  }

  /** Runs what waited for a sample up to this one, in the order of arrival. */
  runUpTo(sample: number): void {
    while (this.#waiting.length > 0 && sample >= this.#waiting[0]!.atSample) this.#waiting.shift()!.run();
  }

  /** Runs all that wait, wherever their place: no more audio will be seen. */
  runAll(): void {
    for (const { run } of this.#waiting.splice(0)) run();
  }
}
