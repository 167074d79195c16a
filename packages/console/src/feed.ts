/** What the server tells operators, as one snapshot that React can subscribe to. */
import { ApiError, request } from "./api.js";
import { readEvents, type ServerEvent } from "./read-events.js";
import type { CatalogModel, History, LogLine, Session, Status } from "./server-types.js";

/** How it stands between this page and the server. */
export type Connection =
  | { phase: "connecting" }
  | { phase: "live" }
  /** Tried again at `retryAt`; what is shown is of `since`. Milliseconds since 1970. */
  | { phase: "lost"; since: number; retryAt: number; message: string }
  /** Nothing is tried again before there is another key. */
  | { phase: "refused"; status: 401 | 403; keyGiven: boolean };

export interface Snapshot {
  connection: Connection;
  status: Status | null;
  sessions: Session[];
  models: CatalogModel[];
  history: History | null;
  log: LogLine[];
}

const EMPTY: Snapshot = {
  connection: { phase: "connecting" },
  status: null,
  sessions: [],
  models: [],
  history: null,
  log: [],
};
const MAX_LOG_LINES = 1000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 10_000;
/** The server gives a sign of life every 15 s. */
const SILENCE_MS = 40_000;

export class Feed {
  #snapshot = EMPTY;
  #listeners = new Set<() => void>();
  #running: AbortController | undefined;
  #key = "";
  #retryMs = FIRST_RETRY_MS;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  getSnapshot = (): Snapshot => this.#snapshot;

  /** Connects, with this key from now on; an empty one is none. */
  open = (key: string): void => {
    this.close();
    if (key !== this.#key) this.#set(EMPTY);
    this.#key = key;
    this.#retryMs = FIRST_RETRY_MS;
    this.#connect();
  };

  /** Tries again now. */
  retry = (): void => this.open(this.#key);

  close = (): void => {
    clearTimeout(this.#retryTimer);
    this.#running?.abort();
    this.#running = undefined;
  };

  #connect(): void {
    const running = new AbortController();
    this.#running = running;
    void this.#follow(running).catch((error: unknown) => {
      if (!running.signal.aborted || running === this.#running) this.#failed(error);
    });
  }

  /** @throws in any case: the stream has no end */
  async #follow(running: AbortController): Promise<never> {
    const answer = await request(this.#key, "v1/admin/events", { signal: running.signal });
    let watchdog: ReturnType<typeof setTimeout> | undefined;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => running.abort(), SILENCE_MS);
    };
    // What was shown is of another connection: history and log come anew.
    let isFirst = true;
    const counted = answer.body!.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          alive();
          controller.enqueue(chunk);
        },
      }),
    );
    try {
      alive();
      for await (const event of readEvents(counted)) {
        this.#retryMs = FIRST_RETRY_MS;
        const base = isFirst ? { ...this.#snapshot, history: null, log: [] } : this.#snapshot;
        isFirst = false;
        this.#set({ ...take(base, event), connection: { phase: "live" } });
      }
    } finally {
      clearTimeout(watchdog);
    }
    throw new Error("the server ended the connection");
  }

  #failed(error: unknown): void {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
      this.#set({ ...EMPTY, connection: { phase: "refused", status: error.status, keyGiven: this.#key !== "" } });
      return;
    }
    const now = Date.now();
    const { connection } = this.#snapshot;
    const delayMs = this.#retryMs;
    this.#retryMs = Math.min(LONGEST_RETRY_MS, 2 * delayMs);
    this.#set({
      ...this.#snapshot,
      connection: {
        phase: "lost",
        since: connection.phase === "lost" ? connection.since : now,
        retryAt: now + delayMs,
        message: error instanceof Error ? error.message : String(error),
      },
    });
    this.#retryTimer = setTimeout(() => this.#connect(), delayMs);
  }

  #set(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener();
  }
}

function take(before: Snapshot, { name, data }: ServerEvent): Snapshot {
  const value = JSON.parse(data);
  switch (name) {
    case "status":
      return { ...before, status: value as Status };
    case "sessions":
      return { ...before, sessions: value.sessions as Session[] };
    case "models":
      return { ...before, models: value.models as CatalogModel[] };
    case "history":
      return { ...before, history: appended(before.history, value as History) };
    case "log":
      return { ...before, log: [...before.log, ...(value.lines as LogLine[])].slice(-MAX_LOG_LINES) };
    default:
      return before;
  }
}

function appended(before: History | null, added: History): History {
  if (before === null) return added;
  const join = <T>(a: T[], b: T[]) => [...a, ...b].slice(-added.capacity);
  const series = Object.entries(added.series).map(([name, values]) => [
    name,
    join(before.series[name as keyof History["series"]], values),
  ]);
  return { ...added, at: join(before.at, added.at), series: Object.fromEntries(series) };
}
