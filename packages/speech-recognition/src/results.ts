/** What was recognised, in the shapes of the Web Speech API. */

/** One way to write what was said. */
export class SpeechRecognitionAlternative {
  constructor(
    readonly transcript: string,
    /** 0..1; 0 while it may still change. */
    readonly confidence: number,
  ) {}
}

/** A list that is read by number, as browsers have it. */
class IndexedList<T> {
  readonly length: number;
  readonly [index: number]: T;

  constructor(items: readonly T[]) {
    this.length = items.length;
    for (const [index, item] of items.entries()) {
      Object.defineProperty(this, index, { value: item, enumerable: true });
    }
  }

  /** What is at a place; undefined beyond the end. */
  item(index: number): T {
    return this[index] as T;
  }

  *[Symbol.iterator](): IterableIterator<T> {
    for (let index = 0; index < this.length; index++) yield this[index] as T;
  }
}

/** One utterance: its alternatives, the best first. */
export class SpeechRecognitionResult extends IndexedList<SpeechRecognitionAlternative> {
  constructor(
    alternatives: readonly SpeechRecognitionAlternative[],
    /** Whether it will not change any more. */
    readonly isFinal: boolean,
  ) {
    super(alternatives);
  }
}

/** All utterances since `start`. */
export class SpeechRecognitionResultList extends IndexedList<SpeechRecognitionResult> {}
