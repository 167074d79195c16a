/** `mic-stream status` */
import { isSttError, messageOf } from "@stt/core";
import type { Command } from "commander";
import { EXIT, type SetExitCode } from "../cli/command-line.js";
import type { CliContext } from "../cli/context.js";
import { errorSentence } from "../cli/error-sentence.js";
import { addServerOption, type Connection, connectionOf, type ServerOptions } from "../cli/server-options.js";
import { askHttp } from "../diagnosis/http-probe.js";
import { meetServer } from "../diagnosis/meet-server.js";

const PINGS = 3;

/** What `--json` prints: docs/terminal.md. */
interface StatusReport {
  url: string;
  ready: boolean;
  /** Why not. */
  reason: string | null;
  model: string | null;
  realtimeModel: string | null;
  device: string | null;
  /** Milliseconds; the median of the round trips. */
  latencyMs: number | null;
  latenciesMs: number[];
  /** What the server says of its load; null when it does not. */
  load: unknown;
  error: { code: string; message: string } | null;
}

export function addStatusCommand(program: Command, context: CliContext, setExitCode: SetExitCode): void {
  const { texts, stdout, stderr } = context;
  const command = program.command("status").description(texts.status);
  addServerOption(command, texts)
    .option("--json", texts.jsonReport)
    .action(async (options: ServerOptions & { json?: boolean }) => {
      const { report, failure } = await inquire(connectionOf(options, context));
      stdout.write(options.json ? `${JSON.stringify(report)}\n` : lines(report, context));
      if (failure !== undefined) stderr.write(`${errorSentence(failure, texts)}\n`);
      setExitCode(report.ready && failure === undefined ? EXIT.ok : EXIT.failed);
    });
}

async function inquire(connection: Connection): Promise<{ report: StatusReport; failure: unknown }> {
  const { url, token } = connection;
  const [readyz, load] = await Promise.all([askHttp(url, "/readyz", token), askHttp(url, "/v1/load", token)]);
  const { ready = false, reason = null } = (readyz.body ?? {}) as { ready?: boolean; reason?: string };
  const report: StatusReport = {
    url,
    ready,
    reason,
    model: null,
    realtimeModel: null,
    device: null,
    latencyMs: null,
    latenciesMs: [],
    load: load.status === 200 ? (load.body ?? null) : null,
    error: null,
  };
  try {
    const { server, latenciesMs } = await meetServer(connection, PINGS);
    const { model, realtimeModel, device } = server;
    const latencyMs = [...latenciesMs].sort((a, b) => a - b)[latenciesMs.length >> 1] ?? null;
    return { report: { ...report, model, realtimeModel, device, latencyMs, latenciesMs }, failure: undefined };
  } catch (failure) {
    const error = { code: isSttError(failure) ? failure.code : "internal", message: messageOf(failure) };
    return { report: { ...report, error }, failure };
  }
}

function lines(report: StatusReport, { texts }: CliContext): string {
  const { rows } = texts;
  const latencies = report.latenciesMs;
  const span = latencies.length > 0 ? ` (${ms(Math.min(...latencies))}-${ms(Math.max(...latencies))})` : "";
  const shown: [string, string | null][] = [
    [rows.server, report.url],
    [rows.state, report.ready ? texts.ready : (report.reason ?? texts.notReady)],
    [rows.model, report.model],
    [rows.realtimeModel, report.realtimeModel],
    [rows.device, report.device],
    [rows.latency, report.latencyMs === null ? null : `${ms(report.latencyMs)}${span} ms`],
    ...loadRows(report.load).map(([name, value]): [string, string] => [`${rows.load} ${name}`, value]),
  ];
  const known = shown.filter(([, value]) => value !== null);
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
}

/** Whatever the server counts, under the names that it uses. */
function loadRows(load: unknown, prefix = ""): [string, string][] {
  if (typeof load !== "object" || load === null) return [];
  return Object.entries(load).flatMap(([name, value]): [string, string][] => {
    if (Array.isArray(value) || value === null) return [];
    if (typeof value === "object") return loadRows(value, `${prefix}${name}.`);
    return [[`${prefix}${name}`, String(value)]];
  });
}

function ms(value: number): string {
  return value.toFixed(1);
}
