/** What is kept of the past, in the order in which a sample lists it. */
export const SERIES = [
  /** Open sessions. */
  "sessions",
  /** Sessions with an open utterance. */
  "speaking",
  /** Sessions that can be served at the same time. */
  "capacity",
  /** Share of the capacity in use, 0..1. */
  "load",
  /** Jobs that wait for a lane. */
  "queued",
  /** Smoothed time that finals waited for a lane, milliseconds. */
  "finalWaitMs",
  /** Compute time of finals for each second of their audio, lately. */
  "realtimeFactor",
  /** 95th percentile of the time from the endpoint to the final, lately, milliseconds. */
  "finalLatencyMs",
  /** 95th percentile of the time from the start of speech to the first live text, lately, milliseconds. */
  "firstPartialMs",
  /** Share of all cores that the server process used, 0..1. */
  "serverCpu",
  /** Share of all cores that the inference processes used, 0..1. */
  "inferenceCpu",
  "serverRssBytes",
  "inferenceRssBytes",
  /** Of all GPUs together. */
  "gpuUsedBytes",
  "gpuTotalBytes",
  /** Of the busiest GPU, 0..1. */
  "gpuUtilisation",
] as const;

export type SeriesName = (typeof SERIES)[number];

/** One moment; null where there was nothing to measure. */
export type Reading = Record<SeriesName, number | null>;

/** A piece of the past, oldest first: `at` and every series have the same length. */
export interface HistoryTable {
  /** Time between two samples, milliseconds. */
  stepMs: number;
  /** Samples that are kept. */
  capacity: number;
  /** Milliseconds since 1970. */
  at: number[];
  series: Record<SeriesName, (number | null)[]>;
}

/** The last samples of the server, in memory of a fixed size. */
export class History {
  readonly #at: Float64Array;
  /** NaN is unknown. */
  readonly #columns: Float64Array[];
  #count = 0;

  /**
   * @param stepMs what the samples are apart
   * @param capacity samples that are kept
   */
  constructor(
    readonly stepMs: number,
    readonly capacity: number,
  ) {
    this.#at = new Float64Array(capacity);
    this.#columns = SERIES.map(() => new Float64Array(capacity));
  }

  /** Samples ever added: the cursor of {@link since}. */
  get count(): number {
    return this.#count;
  }

  /** @param at milliseconds since 1970 */
  add(reading: Reading, at: number): void {
    const place = this.#count % this.capacity;
    this.#at[place] = at;
    for (const [index, name] of SERIES.entries()) this.#columns[index]![place] = reading[name] ?? Number.NaN;
    this.#count += 1;
  }

  /**
   * The samples after a cursor, as far as they are kept.
   *
   * @param cursor a former {@link count}; 0 for all
   */
  since(cursor = 0): HistoryTable {
    const first = Math.max(cursor, this.#count - this.capacity, 0);
    const places = Array.from({ length: Math.max(0, this.#count - first) }, (_, i) => (first + i) % this.capacity);
    const series = Object.fromEntries(
      SERIES.map((name, index) => [name, places.map((place) => rounded(this.#columns[index]![place]!))]),
    );
    return {
      stepMs: this.stepMs,
      capacity: this.capacity,
      at: places.map((place) => this.#at[place]!),
      series: series as HistoryTable["series"],
    };
  }
}

/** Four digits say all that a graph shows. */
function rounded(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}
