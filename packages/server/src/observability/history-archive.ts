import * as z from "zod";
import { type HistoryTable, type Reading, SERIES, type SeriesName } from "./history.js";

/** How far back a graph goes, each in {@link STEPS} steps. */
export const RANGES = ["15m", "1h", "6h", "24h", "7d", "30d"] as const;
export type Range = (typeof RANGES)[number];
/** Those that are kept here; the shortest one is the {@link History}. */
export type LongRange = Exclude<Range, "15m">;

/** Samples of every range: what a graph can show. */
const STEPS = 180;
/** How many samples of 5 s make up a step of a range. */
const SAMPLES_PER_STEP: Readonly<Record<LongRange, number>> = { "1h": 4, "6h": 24, "24h": 96, "7d": 672, "30d": 2880 };
const LONG_RANGES = Object.keys(SAMPLES_PER_STEP) as LongRange[];
/** Of these the mean of a step is kept, of all others the highest value: a wait of a moment is to be seen a month later. */
const MEANS: ReadonlySet<SeriesName> = new Set(["serverCpu", "inferenceCpu", "gpuUtilisation"]);

/** One step: where it begins, milliseconds since 1970, and its values in the order of {@link SERIES}. */
interface Step {
  at: number;
  samples: number;
  values: (number | null)[];
}

const figure = z.number().nullable();
const fileSchema = z.object({
  version: z.literal(1),
  stepMs: z.number(),
  series: z.array(z.string()),
  ranges: z.record(z.string(), z.array(z.tuple([z.number(), z.int().min(1), z.array(figure)])).max(STEPS)),
});

/**
 * The past in coarser steps the longer ago it is, of a fixed size: five ranges of 180 steps. As text it takes less than 256 kB,
 * whatever was measured.
 */
export class HistoryArchive {
  readonly #steps = new Map<LongRange, Step[]>(LONG_RANGES.map((range) => [range, []]));

  /** @param stepMs what the samples that are added are apart */
  constructor(readonly stepMs: number) {}

  /** @param at milliseconds since 1970; what is older than the newest step, after a clock was set back, counts to that one */
  add(reading: Reading, at: number): void {
    for (const [range, steps] of this.#steps) {
      const beginning = Math.floor(at / this.#stepMsOf(range)) * this.#stepMsOf(range);
      const last = steps.at(-1);
      if (last && beginning <= last.at) merge(last, reading);
      else steps.push({ at: beginning, samples: 1, values: SERIES.map((name) => reading[name]) });
      if (steps.length > STEPS) steps.shift();
    }
  }

  /** The steps from the first that is known on; nulls where the server did not run. */
  table(range: LongRange): HistoryTable {
    const stepMs = this.#stepMsOf(range);
    const steps = this.#steps.get(range)!;
    const known = new Map(steps.map((step) => [step.at, step]));
    const last = steps.at(-1)?.at ?? 0;
    const first = Math.max(steps[0]?.at ?? 0, last - (STEPS - 1) * stepMs);
    const at =
      steps.length === 0 ? [] : Array.from({ length: (last - first) / stepMs + 1 }, (_, i) => first + i * stepMs);
    const series = Object.fromEntries(
      SERIES.map((name, column) => [name, at.map((time) => rounded(known.get(time)?.values[column] ?? null))]),
    ) as HistoryTable["series"];
    return { stepMs, capacity: STEPS, at, series };
  }

  /** All of it, for {@link read}. */
  toText(): string {
    const ranges = Object.fromEntries(
      [...this.#steps].map(([range, steps]) => [
        range,
        steps.map(({ at, samples, values }) => [at, samples, values.map(rounded)]),
      ]),
    );
    return JSON.stringify({ version: 1, stepMs: this.stepMs, series: SERIES, ranges });
  }

  /**
   * Goes on where a former archive ended. Series that came since then are unknown before.
   *
   * @param now milliseconds since 1970; what is said to be later is left out
   * @throws Error for a text that is something else, or of another step; nothing is taken over then
   */
  read(text: string, now: number): void {
    const { stepMs, series, ranges } = fileSchema.parse(JSON.parse(text));
    if (stepMs !== this.stepMs) throw new Error(`its samples are ${stepMs} ms apart, not ${this.stepMs}`);
    const columns = SERIES.map((name) => series.indexOf(name));
    for (const range of LONG_RANGES) {
      const ms = this.#stepMsOf(range);
      const steps = (ranges[range] ?? []).map(([at, samples, values]) => ({
        at: Math.floor(at / ms) * ms,
        samples,
        values: columns.map((column) => values[column] ?? null),
      }));
      this.#steps.set(
        range,
        steps.filter(({ at }, index) => at <= now && at > (steps[index - 1]?.at ?? Number.NEGATIVE_INFINITY)),
      );
    }
  }

  #stepMsOf(range: LongRange): number {
    return this.stepMs * SAMPLES_PER_STEP[range];
  }
}

function merge(step: Step, reading: Reading): void {
  step.samples += 1;
  for (const [column, name] of SERIES.entries()) {
    const value = reading[name];
    if (value === null) continue;
    const before = step.values[column] ?? null;
    if (before === null) step.values[column] = value;
    else if (MEANS.has(name)) step.values[column] = before + (value - before) / step.samples;
    else step.values[column] = Math.max(before, value);
  }
}

/** Four digits say all that a graph shows. */
function rounded(value: number | null): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}
