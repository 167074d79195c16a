/** The latest frames' probabilities and loudness: where to cut speech that does not pause. */

/** Frames on each side that are averaged with a frame: a dip of one frame is a plosive, not a pause. */
const SMOOTHING = 2;

/** A ring of the latest frames. Frames are addressed by age: 1 is the newest. */
export class FrameHistory {
  readonly #probability: Float32Array;
  readonly #rms: Float32Array;
  #next = 0;
  #length = 0;

  /** @param frames how many are held; `old` gives its latest */
  constructor(frames: number, old?: FrameHistory) {
    this.#probability = new Float32Array(frames);
    this.#rms = new Float32Array(frames);
    for (let age = Math.min(frames, old ? old.#length : 0); old && age >= 1; age--) {
      this.push(old.#at(old.#probability, age), old.#at(old.#rms, age));
    }
  }

  push(probability: number, rms: number): void {
    this.#probability[this.#next] = probability;
    this.#rms[this.#next] = rms;
    this.#next = (this.#next + 1) % this.#probability.length;
    if (this.#length < this.#probability.length) this.#length++;
  }

  /** Mean probability of the newest `frames`; 0 while there are fewer. */
  meanProbability(frames: number): number {
    if (this.#length < frames) return 0;
    let sum = 0;
    for (let age = 1; age <= frames; age++) sum += this.#at(this.#probability, age);
    return sum / frames;
  }

  /**
   * The best frame to cut before, among the newest `frames`: silence before doubt before speech, then the lowest loudness
   * around it; of equals the newest.
   *
   * @returns its age
   */
  quietest(frames: number, silenceThreshold: number, speechThreshold: number): number {
    let best = 1;
    let bestKind = Number.POSITIVE_INFINITY;
    let bestRms = Number.POSITIVE_INFINITY;
    for (let age = 1; age <= Math.min(frames, this.#length); age++) {
      const p = this.#smoothed(this.#probability, age);
      const kind = p < silenceThreshold ? 0 : p <= speechThreshold ? 1 : 2;
      const rms = this.#smoothed(this.#rms, age);
      if (kind < bestKind || (kind === bestKind && rms < bestRms)) {
        best = age;
        bestKind = kind;
        bestRms = rms;
      }
    }
    return best;
  }

  /** How many of the newest `frames` are not silence. */
  speechFrames(frames: number, silenceThreshold: number): number {
    let count = 0;
    for (let age = 1; age <= Math.min(frames, this.#length); age++) {
      if (this.#at(this.#probability, age) >= silenceThreshold) count++;
    }
    return count;
  }

  /**
   * How many frames right before the one of `age` may be the soft beginning of its sound: those from the threshold on, and the
   * gaps of at most `maxGap` frames between them.
   */
  soundBefore(age: number, threshold: number, maxGap: number): number {
    let sound = 0;
    for (let before = 1; before - sound <= maxGap + 1 && age + before <= this.#length; before++) {
      if (this.#at(this.#probability, age + before) >= threshold) sound = before;
    }
    return sound;
  }

  #at(values: Float32Array, age: number): number {
    return values[(this.#next - age + values.length) % values.length]!;
  }

  #smoothed(values: Float32Array, age: number): number {
    let sum = 0;
    let count = 0;
    for (let near = Math.max(1, age - SMOOTHING); near <= Math.min(this.#length, age + SMOOTHING); near++) {
      sum += this.#at(values, near);
      count++;
    }
    return sum / count;
  }
}
