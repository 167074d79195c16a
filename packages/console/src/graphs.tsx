/** Load, latency, queue, processor and memory on one time axis: pointing at one points at all. */
import { fill, formatBytes, formatMs, formatNumber, formatPercent, formatTime } from "@stt/ui";
import { useState } from "react";
import { Chart, type ChartSeries } from "./chart.js";
import { usePage } from "./page-context.js";
import type { History } from "./server-types.js";

const WHOLE_MARKS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const MS_MARKS = [100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000];
const MEMORY_MARKS = Array.from({ length: 12 }, (_, power) => 2 ** (28 + power));

export function Graphs() {
  const { texts, locale, snapshot } = usePage();
  const [pointed, setPointed] = useState<number | null>(null);
  const { history } = snapshot;
  if (history === null || history.at.length === 0) {
    return (
      <section className="graphs graphs-empty">
        <h2 className="visually-hidden">{texts.graphs}</h2>
        <p className="hint">{texts.noHistory}</p>
      </section>
    );
  }
  const { series } = history;
  /** Nothing where it was never measured. */
  const line = (label: string, name: keyof History["series"]): ChartSeries[] =>
    series[name].some((value) => value !== null) ? [{ label, values: series[name] }] : [];
  const percent = (value: number | null) => formatPercent(value, locale);
  const bytes = (value: number | null) => formatBytes(value, locale);
  const gpuTotal = series.gpuTotalBytes.findLast((value) => value !== null) ?? null;
  const at = pointed === null ? undefined : history.at[pointed];
  const shared = { history, pointed, onPoint: setPointed };
  return (
    <section className="graphs" aria-label={texts.graphs}>
      <Chart {...shared} title={texts.load} least={1} format={percent} series={line(texts.loadLegend, "load")} />
      <Chart
        {...shared}
        title={texts.latency}
        least={1000}
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
        {at === undefined ? "" : formatTime(at, locale)}
      </p>
    </section>
  );
}

function spanOf({ at }: History, locale: "en" | "ru"): string {
  return `${formatTime(at[0]!, locale)} – ${formatTime(at.at(-1)!, locale)}`;
}
