interface Command {
  /** The judged sample it waits for. */
  atSample: number;
  run(): void;
}

/** Commands that take their place in the stream of audio: each runs once all audio received before it was judged. */
export class OrderedCommands {
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
  runUpTo(judgedSample: number): void {
    while (this.#waiting.length > 0 && judgedSample >= this.#waiting[0]!.atSample) this.#waiting.shift()!.run();
  }

  /** Runs all that wait, wherever their place: nothing more will be judged. */
  runAll(): void {
    for (const { run } of this.#waiting.splice(0)) run();
  }
}
