/** Load, latency, queue, processor and memory on one time axis: pointing at one points at all. */
import type { Locale } from "@stt/core";
import { Button, fill, formatBytes, formatMs, formatNumber, formatPercent, formatTime } from "@stt/ui";
import { useState } from "react";
import { Chart, type ChartLimit, type ChartSeries } from "./chart.js";
import { usePage } from "./page-context.js";
import type { History, Threshold } from "./server-types.js";
import { RANGES, type Range, useHistory } from "./use-history.js";

const DAY_MS = 86_400_000;
const SHARE_MARKS = [0.25, 0.5, 1];
const WHOLE_MARKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const MS_MARKS = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];
const MEMORY_MARKS = Array.from({ length: 12 }, (_, power) => 2 ** (28 + power));

export function Graphs() {
  const { texts, snapshot } = usePage();
  const [range, setRange] = useState<Range>("15m");
  const { history, failure, retry } = useHistory(range);
  const hasSamples = history !== null && history.at.length > 0;
  return (
    <section className="panel graphs" aria-label={texts.graphs}>
      <div className="bar">
        <h2>{texts.graphs}</h2>
        <fieldset className="ranges">
          <legend className="visually-hidden">{texts.range}</legend>
          {RANGES.map((each) => (
            <Button key={each} aria-pressed={range === each} onClick={() => setRange(each)}>
              {texts.ranges[each]}
            </Button>
          ))}
        </fieldset>
        <Extent history={history} range={range} keepsHistory={snapshot.status?.keepsHistory ?? true} />
      </div>
      {failure !== null && (
        <p className="problem" role="alert">
          {fill(texts.failed, { message: failure })} <Button onClick={retry}>{texts.tryAgain}</Button>
        </p>
      )}
      {hasSamples ? <Charts history={history} /> : <p className="hint no-graphs">{texts.noHistory}</p>}
    </section>
  );
}

interface ExtentProps {
  history: History | null;
  range: Range;
  keepsHistory: boolean;
}

/** Since when there is something, where that is less than was asked for, and why. */
function Extent({ history, range, keepsHistory }: ExtentProps) {
  const { texts, locale } = usePage();
  if (range === "15m" || !history || history.at.length === 0 || history.at.length >= history.capacity) return null;
  const since = formatMoment(history.at[0]!, locale, 2 * DAY_MS);
  return <p className="hint">{fill(keepsHistory ? texts.historySince : texts.historySinceStart, { since })}</p>;
}

function Charts({ history }: { history: History }) {
  const { texts, locale, snapshot } = usePage();
  const [pointed, setPointed] = useState<number | null>(null);
  const thresholds = snapshot.status?.thresholds;
  const { series } = history;
  /** Nothing where it was never measured. */
  const line = (label: string, name: keyof History["series"]): ChartSeries[] =>
    series[name].some((value) => value !== null) ? [{ label, values: series[name] }] : [];
  const percent = (value: number | null) => formatPercent(value, locale);
  const bytes = (value: number | null) => formatBytes(value, locale);
  const gpuTotal = series.gpuTotalBytes.findLast((value) => value !== null) ?? null;
  const at = pointed === null ? undefined : history.at[pointed];
  const shared = { history, pointed, onPoint: setPointed };
  const limits = (threshold: Threshold | undefined, busy: string, bad: string): ChartLimit[] =>
    threshold
      ? [
          { value: threshold.busy, tone: "busy", label: busy },
          { value: threshold.bad, tone: "bad", label: bad },
        ]
      : [];
  return (
    <div className="charts">
      <Chart
        {...shared}
        title={texts.load}
        // So that the limit at the top has a line of its own.
        least={1.1}
        increments={SHARE_MARKS}
        format={percent}
        series={line(texts.loadLegend, "load")}
        limits={limits(thresholds?.load, texts.limitNearlyFull, texts.limitFull)}
      />
      <Chart
        {...shared}
        title={texts.latency}
        limits={limits(thresholds?.finalLatencyMs, texts.limitLate, texts.limitFarTooLate)}
        least={1200}
        increments={MS_MARKS}
        format={(value) => formatMs(value, locale)}
        series={[
          { label: texts.final, values: series.finalLatencyMs },
          { label: texts.firstPartial, values: series.firstPartialMs },
        ]}
      />
      <Chart
        {...shared}
        title={texts.queue}
        least={4}
        increments={WHOLE_MARKS}
        format={(value) => formatNumber(value, locale)}
        series={line(texts.queueLegend, "queued")}
      />
      <Chart
        {...shared}
        title={texts.cpu}
        least={1}
        format={percent}
        series={[
          ...line(texts.server, "serverCpu"),
          ...line(texts.inference, "inferenceCpu"),
          ...line(texts.gpu, "gpuUtilisation"),
        ]}
      />
      <Chart
        {...shared}
        title={texts.memory}
        least={2 ** 29}
        increments={MEMORY_MARKS}
        format={bytes}
        series={[...line(texts.server, "serverRssBytes"), ...line(texts.inference, "inferenceRssBytes")]}
      />
      {gpuTotal !== null && (
        <Chart
          {...shared}
          title={texts.gpuMemory}
          least={gpuTotal}
          increments={MEMORY_MARKS}
          format={bytes}
          series={line(fill(texts.usedOf, { total: bytes(gpuTotal) }), "gpuUsedBytes")}
        />
      )}
      <p className="visually-hidden">{spanOf(history, locale)}</p>
      <p className="pointed tabular" aria-hidden="true">
        {at === undefined ? "" : formatMoment(at, locale, history.stepMs * history.capacity)}
      </p>
    </div>
  );
}

function spanOf({ at, stepMs, capacity }: History, locale: Locale): string {
  const [first, last] = [at[0]!, at.at(-1)!].map((each) => formatMoment(each, locale, stepMs * capacity));
  return `${first} – ${last}`;
}

/** A time of day, with its date where the days differ. @param windowMs of what it is a moment of */
function formatMoment(at: number, locale: Locale, windowMs: number): string {
  if (windowMs < DAY_MS) return formatTime(at, locale);
  return new Date(at).toLocaleString(locale, {
    hour12: false,
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  });
}
