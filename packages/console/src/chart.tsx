/** One graph over time, drawn by uPlot. Its figures stand above it as text, so that they can be read and copied. */
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { usePage } from "./page-context.js";
import type { History } from "./server-types.js";

const HEIGHT = 132;
/** Seconds between two marks on the axis of time; uPlot's own leave out two minutes. */
const TIME_MARKS = [
  5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000, 864_000,
];
const HOUR = 3600;
/** Of the lines, in their order: colour alone would not tell them apart. */
const DASHES = [[], [6, 4], [2, 3]];
const COLOUR_QUERIES = ["(prefers-color-scheme: dark)", "(forced-colors: active)"];
const INKS = ["--line-1", "--line-2", "--line-3"];

export interface ChartSeries {
  label: string;
  values: (number | null)[];
}

/** A line across the graph: from here on it is worth a look, or bad. */
export interface ChartLimit {
  value: number;
  tone: "busy" | "bad";
  /** What it means, in a word. */
  label: string;
}

export interface ChartProps {
  title: string;
  history: History;
  series: ChartSeries[];
  /** @default none */
  limits?: ChartLimit[];
  /** Least value of the upper edge. */
  least: number;
  /** Distances that the marks on the axis may have. @default uPlot's */
  increments?: number[];
  format(value: number | null): string;
  /** Index of the sample that the pointer is at, in any of the graphs. */
  pointed: number | null;
  onPoint(index: number | null): void;
}

export function Chart({
  title,
  history,
  series,
  limits = [],
  least,
  increments,
  format,
  pointed,
  onPoint,
}: ChartProps) {
  const { locale, preferences } = usePage();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const latest = useRef({ format, onPoint, least, limits });
  latest.current = { format, onPoint, least, limits };
  const data = dataOf(history, series);
  const newest = useRef(data);
  newest.current = data;
  const newestHistory = useRef(history);
  newestHistory.current = history;
  const colours = useColours();
  // By their values, since the array is a new one with every sample. A graph may have no line yet: nobody has spoken.
  const labels = JSON.stringify(series.map(({ label }) => label));

  // biome-ignore lint/correctness/useExhaustiveDependencies: colours come from the style sheet, by theme
  useEffect(() => {
    const element = place.current!;
    const style = getComputedStyle(element);
    // A canvas knows no variables, and a variable may hold a colour for each scheme.
    const colour = (name: string) => {
      element.style.color = `var(${name})`;
      return style.color;
    };
    const axis = {
      stroke: colour("--quiet"),
      font: `12px ${style.fontFamily}`,
      grid: { stroke: colour("--grid"), width: 1 },
      ticks: { show: false },
    };
    const limitInks = { busy: colour("--busy"), bad: colour("--bad"), paper: colour("--paper") };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height: HEIGHT,
        // Half a mark of the time may stand out on the right.
        padding: [8, 32, 0, 0],
        legend: { show: false },
        cursor: { sync: { key: "console" }, points: { size: 6 }, drag: { x: false, y: false }, y: false },
        scales: {
          x: { range: (_, __, max) => [max - windowOf(newestHistory.current), max] },
          y: { range: (_, __, max) => [0, Math.max(latest.current.least, 1.08 * (max ?? 0))] },
        },
        axes: [
          {
            ...axis,
            size: 24,
            // Room for a mark, with seconds or without.
            space: () => markWidth(windowOf(newestHistory.current)),
            incrs: TIME_MARKS,
            values: (_, times) => times.map((time) => timeMark(time, locale, windowOf(newestHistory.current))),
          },
          {
            ...axis,
            size: 58,
            ...(increments === undefined ? {} : { incrs: increments }),
            values: (_, values) => values.map((value) => latest.current.format(value)),
          },
        ],
        series: [
          {},
          ...(JSON.parse(labels) as string[]).map((label, index) => ({
            label,
            stroke: colour(INKS[index]!),
            width: 2,
            dash: DASHES[index]!,
            points: { show: false },
            ...(index === 0 ? { fill: colour("--wash-1") } : {}),
          })),
        ],
        hooks: {
          draw: [(plot) => drawLimits(plot, latest.current.limits, limitInks, axis.font)],
          setCursor: [({ cursor }) => latest.current.onPoint(cursor.idx ?? null)],
        },
      },
      newest.current,
      element,
    );
    plot.current = made;
    const resizes = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    resizes.observe(element);
    return () => {
      resizes.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [colours, preferences.theme, locale, labels]);

  useEffect(() => plot.current?.setData(data));

  return (
    <div className="chart">
      <h3>{title}</h3>
      <dl className="legend tabular">
        {series.map(({ label, values }, index) => (
          <div key={label} className={`ink-${index + 1}`}>
            <dt>
              <svg viewBox="0 0 22 8" aria-hidden="true">
                <path d="M0 4h22" strokeDasharray={DASHES[index]!.join(" ")} />
              </svg>
              {label}
            </dt>
            <dd>{format((pointed === null ? values.at(-1) : values[pointed]) ?? null)}</dd>
          </div>
        ))}
      </dl>
      <div className="plot" ref={place} aria-hidden="true" />
      {limits.length > 0 && (
        <p className="visually-hidden">{limits.map(({ value, label }) => `${format(value)}: ${label}`).join(", ")}</p>
      )}
    </div>
  );
}

/** Seconds since 1970, then a column for each line. */
function dataOf({ at }: History, series: ChartSeries[]): uPlot.AlignedData {
  return [at.map((ms) => ms / 1000), ...series.map(({ values }) => values)] as uPlot.AlignedData;
}

/** Seconds from the left edge to the right one. */
function windowOf({ stepMs, capacity }: History): number {
  return (stepMs * capacity) / 1000;
}

function showsSeconds(window: number): boolean {
  return window < 300;
}

/** Room for a mark on the axis of time, pixels. */
function markWidth(window: number): number {
  return showsSeconds(window) || window > 24 * HOUR ? 72 : 44;
}

function timeMark(seconds: number, locale: string, window: number): string {
  const date = new Date(1000 * seconds);
  // Marks of longer times stand at midnight.
  if (window > 24 * HOUR) return date.toLocaleDateString(locale, { day: "numeric", month: "short" });
  return date.toLocaleTimeString(locale, {
    hour12: false,
    hour: "2-digit",
    minute: "2-digit",
    ...(showsSeconds(window) ? { second: "2-digit" } : {}),
  });
}

/** A dotted line with its word above it, for each limit that the graph reaches up to. */
function drawLimits(
  { ctx, bbox, valToPos, scales }: uPlot,
  limits: readonly ChartLimit[],
  { paper, ...inks }: Record<ChartLimit["tone"] | "paper", string>,
  font: string,
): void {
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = font.replace(/^\d+/, (pixels) => String(Math.round(0.92 * Number(pixels) * ratio)));
  for (const { value, tone, label } of limits) {
    if (value > (scales.y?.max ?? 0)) continue;
    // In the middle of a pixel, or it is two of them, pale.
    const y = Math.floor(valToPos(value, "y", true)) + 0.5;
    ctx.strokeStyle = ctx.fillStyle = inks[tone];
    ctx.lineWidth = ratio;
    ctx.setLineDash([ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    // Below the line where the graph ends above it; at different ends, since limits may lie close together.
    const isAtTop = y - bbox.top < 12 * ratio;
    const isRight = tone === "bad";
    ctx.textBaseline = isAtTop ? "top" : "bottom";
    ctx.textAlign = isRight ? "right" : "left";
    const margin = 4 * ratio;
    const at = [
      isRight ? bbox.left + bbox.width - margin : bbox.left + margin,
      isAtTop ? y + 2 * ratio : y - 2 * ratio,
    ] as const;
    // Legible where the graph runs through it.
    ctx.setLineDash([]);
    ctx.lineWidth = 4 * ratio;
    ctx.lineJoin = "round";
    ctx.strokeStyle = paper;
    ctx.strokeText(label, ...at);
    ctx.fillText(label, ...at);
  }
  ctx.restore();
}

/** What the reader's system says of colours; another value when that changes. */
function useColours(): string {
  const [colours, setColours] = useState(systemColours);
  useEffect(() => {
    const look = () => setColours(systemColours());
    const queries = COLOUR_QUERIES.map((query) => matchMedia(query));
    for (const query of queries) query.addEventListener("change", look);
    return () => {
      for (const query of queries) query.removeEventListener("change", look);
    };
  }, []);
  return colours;
}

function systemColours(): string {
  return COLOUR_QUERIES.map((query) => matchMedia(query).matches).join();
}
