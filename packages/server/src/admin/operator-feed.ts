import type { Clock, EngineInfo } from "@stt/core";
import type { History } from "../observability/history.js";
import type { LogTail } from "../observability/log-tail.js";
import type { Readiness } from "../observability/readiness.js";
import type { ServerLoad } from "../observability/server-load.js";
import type { Operations } from "./operations.js";
import type { OperatorEvents } from "./operator-events.js";
import { THRESHOLDS } from "./thresholds.js";

/** How often it is looked whether there is something new. */
const LOOK_MS = 500;
/** Looks between two at the models, whose folder is read for it. */
const MODEL_LOOKS = 2;
/** After this many silent looks a sign of life is due, so that proxies keep the connection. */
const BEAT_LOOKS = 30;
/** Most sessions that are listed: nobody reads more of them. */
const MAX_SESSIONS = 200;
/** Lines of the log in one event. */
const MAX_LINES = 200;

export interface OperatorFeedOptions {
  clock: Clock;
  operations: Operations;
  readiness: Readiness;
  history: History;
  /** Whether it will be there after a restart. */
  keepsHistory(): boolean;
  log: LogTail | undefined;
  load(): ServerLoad;
  /** Whether newcomers are refused. */
  isFull(): boolean;
}

/**
 * What an operator watches, as server-sent events: `status`, `sessions` and `models` whenever they changed, `history` and `log`
 * with what was added. All that is kept comes first. A slow reader misses steps in between and no news: it is asked for the
 * present only when it can take it.
 */
export async function* operatorFeed(options: OperatorFeedOptions, signal: AbortSignal): AsyncGenerator<string> {
  const { clock, operations, history, log } = options;
  const sent = new Map<string, string>();
  const changed = <Name extends keyof OperatorEvents>(name: Name, value: OperatorEvents[Name]) => {
    const data = JSON.stringify(value);
    if (sent.get(name) === data) return "";
    sent.set(name, data);
    return written(name, data);
  };
  let historyCursor = 0;
  let logCursor = 0;
  let silent = 0;
  for (let look = 0; !signal.aborted; look++) {
    let text = changed("status", statusOf(options));
    text += changed("sessions", { sessions: operations.sessions().slice(0, MAX_SESSIONS) });
    if (look % MODEL_LOOKS === 0) text += changed("models", { models: await operations.catalog() });
    if (history.count > historyCursor || look === 0) {
      text += eventOf("history", history.since(historyCursor));
      historyCursor = history.count;
    }
    if (log && log.count > logCursor) {
      const lines = log.since(logCursor);
      for (let at = 0; at < lines.length; at += MAX_LINES)
        text += eventOf("log", { lines: lines.slice(at, at + MAX_LINES) });
      logCursor = log.count;
    }
    silent = text === "" ? silent + 1 : 0;
    if (silent >= BEAT_LOOKS) {
      silent = 0;
      text = ": still here\n\n";
    }
    if (text !== "") yield text;
    await pause(clock, LOOK_MS, signal);
  }
}

/** What stands at the top of the page. */
function statusOf({
  operations,
  readiness,
  load,
  isFull,
  keepsHistory,
  log,
}: OperatorFeedOptions): OperatorEvents["status"] {
  const { models, uptimeMs } = operations.status();
  return {
    state: readiness.draining ? "draining" : readiness.state().ready ? "ready" : "not_ready",
    full: isFull(),
    // Whole minutes: what changes by itself is not news.
    uptimeMinutes: Math.floor(uptimeMs / 60_000),
    load: load(),
    models: models ? { final: shown(models.final), partial: shown(models.partial) } : null,
    switchesModels: operations.switchesModels,
    lostAtRestart: operations.lostAtRestart(),
    keepsLog: log !== undefined,
    keepsHistory: keepsHistory(),
    thresholds: THRESHOLDS,
    advice: operations.advice(),
  };
}

function shown({ name, model, requestedDevice, actualDevice }: EngineInfo) {
  return { name, model, requestedDevice, actualDevice };
}

function eventOf<Name extends keyof OperatorEvents>(name: Name, value: OperatorEvents[Name]): string {
  return written(name, JSON.stringify(value));
}

function written(name: string, data: string): string {
  return `event: ${name}\ndata: ${data}\n\n`;
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      stop();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const stop = clock.setTimer(ms, done);
    signal.addEventListener("abort", done, { once: true });
  });
}
