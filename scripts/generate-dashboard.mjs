/**
 * Writes the Grafana dashboard, docker/grafana/dashboards/stt.json, from the panels below.
 *
 *   node scripts/generate-dashboard.mjs
 */
import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const COLUMNS = 24;
const SERVER = '{instance=~"$instance"}';
/** The reader picks the data source where there are several, as when the file is imported by hand. */
const source = { type: "prometheus", uid: `\${source}` };

const quantile = (q, metric, by = "") =>
  `histogram_quantile(${q}, sum by (le${by}) (rate(${metric}_bucket${SERVER}[$__rate_interval])))`;
const rate = (metric, by) => `sum by (${by}) (rate(${metric}${SERVER}[$__rate_interval]))`;

/** Rows of panels; widths of a row add up to 24. */
const ROWS = [
  {
    height: 5,
    panels: [
      stat("Sessions", `sum(stt_sessions_active${SERVER})`, "none"),
      stat("Capacity", `sum(stt_sessions_capacity${SERVER})`, "none"),
      stat("Endpoint to final, p95", quantile(0.95, "stt_final_latency_seconds"), "s", [0.5, 1]),
      stat("First partial, p95", quantile(0.95, "stt_first_partial_seconds"), "s", [1, 2]),
      stat("Realtime factor, p95", quantile(0.95, "stt_realtime_factor"), "none", [0.5, 1]),
      stat("Load", `max(stt_load${SERVER})`, "percentunit", [0.7, 0.85]),
    ],
  },
  {
    height: 8,
    panels: [
      graph("Sessions", "none", [
        [`sum(stt_sessions_active${SERVER})`, "open"],
        [`sum(stt_sessions_speaking${SERVER})`, "speaking"],
        [`sum(stt_sessions_capacity${SERVER})`, "capacity"],
      ]),
      graph("Load of each server", "percentunit", [[`stt_load${SERVER}`, "{{instance}}"]]),
      graph("Latency", "s", [
        [quantile(0.5, "stt_final_latency_seconds"), "final p50"],
        [quantile(0.95, "stt_final_latency_seconds"), "final p95"],
        [quantile(0.95, "stt_first_partial_seconds"), "first partial p95"],
        [quantile(0.99, "stt_vad_lag_seconds"), "voice detection lag p99"],
      ]),
    ],
  },
  {
    height: 8,
    panels: [
      graph("Wait for a lane, p95", "s", [[quantile(0.95, "stt_queue_wait_seconds", ", kind"), "{{kind}}"]]),
      graph("Time in the engine, p95", "s", [[quantile(0.95, "stt_inference_seconds", ", kind"), "{{kind}}"]]),
      graph("Jobs", "ops", [
        [rate("stt_inference_seconds_count", "kind"), "{{kind}}"],
        [`sum(stt_queue_length${SERVER})`, "waiting"],
      ]),
    ],
  },
  {
    height: 8,
    panels: [
      graph("Audio", "none", [
        [`sum(rate(stt_audio_seconds_total${SERVER}[$__rate_interval]))`, "seconds of audio a second"],
      ]),
      graph("Utterances", "ops", [
        [`sum(rate(stt_finals_total${SERVER}[$__rate_interval]))`, "finals"],
        [`sum by (rule) (rate(stt_utterances_discarded_total${SERVER}[$__rate_interval]))`, "no text: {{rule}}"],
      ]),
      graph("Refused, resumed, failed", "ops", [
        [rate("stt_sessions_rejected_total", "reason"), "refused: {{reason}}"],
        [`sum(rate(stt_reconnects_total${SERVER}[$__rate_interval]))`, "resumed"],
        [rate("stt_errors_total", "code"), "error: {{code}}"],
      ]),
    ],
  },
  {
    height: 8,
    panels: [
      graph("Processor", "percentunit", [
        [`rate(process_cpu_seconds_total${SERVER}[$__rate_interval])`, "server {{instance}}"],
        [`stt_gpu_utilisation${SERVER}`, "GPU {{gpu}} {{instance}}"],
      ]),
      graph("Memory", "bytes", [
        [`process_resident_memory_bytes${SERVER}`, "server {{instance}}"],
        [`stt_inference_memory_bytes${SERVER}`, "inference {{instance}}"],
        [`stt_gpu_memory_bytes{instance=~"$instance",state="used"}`, "GPU {{gpu}} {{instance}}"],
      ]),
      graph("Event loop lag, p99", "s", [[`nodejs_eventloop_lag_p99_seconds${SERVER}`, "{{instance}}"]]),
    ],
  },
];

/** @param thresholds where it turns yellow and red */
function stat(title, expr, unit, thresholds) {
  const steps = [{ color: "green", value: null }];
  thresholds?.forEach((value, i) => {
    steps.push({ color: ["yellow", "red"][i], value });
  });
  return {
    title,
    type: "stat",
    targets: [{ refId: "A", datasource: source, expr }],
    options: { colorMode: thresholds ? "value" : "none", graphMode: "area", reduceOptions: { calcs: ["lastNotNull"] } },
    fieldConfig: {
      defaults: { unit, decimals: unit === "none" && !thresholds ? 0 : 2, thresholds: { mode: "absolute", steps } },
      overrides: [],
    },
  };
}

/** @param series pairs of expression and legend */
function graph(title, unit, series) {
  return {
    title,
    type: "timeseries",
    targets: series.map(([expr, legendFormat], i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: source,
      expr,
      legendFormat,
    })),
    options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
    fieldConfig: {
      defaults: { unit, min: 0, custom: { lineWidth: 1, fillOpacity: 8, showPoints: "never" } },
      overrides: [],
    },
  };
}

export function dashboard() {
  const panels = [];
  let y = 0;
  for (const { height, panels: row } of ROWS) {
    const width = COLUMNS / row.length;
    for (const [i, panel] of row.entries()) {
      panels.push({
        id: panels.length + 1,
        datasource: source,
        gridPos: { x: i * width, y, w: width, h: height },
        ...panel,
      });
    }
    y += height;
  }
  return {
    uid: "stt",
    title: "Speech to text",
    schemaVersion: 39,
    refresh: "10s",
    time: { from: "now-1h", to: "now" },
    graphTooltip: 1,
    templating: {
      list: [
        { name: "source", label: "Prometheus", type: "datasource", query: "prometheus" },
        {
          name: "instance",
          label: "Server",
          type: "query",
          datasource: source,
          query: "label_values(stt_sessions_active, instance)",
          refresh: 2,
          multi: true,
          includeAll: true,
          allValue: ".*",
          current: { text: "All", value: "$__all" },
        },
      ],
    },
    panels,
  };
}

export const DASHBOARD_FILE = new URL("../docker/grafana/dashboards/stt.json", import.meta.url);
export const rendered = () => `${JSON.stringify(dashboard(), null, 2)}\n`;

if (import.meta.url === pathToFileURL(process.argv[1]).href) await writeFile(DASHBOARD_FILE, rendered());
