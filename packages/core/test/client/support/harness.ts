/** A client, a scripted server in memory, and a clock that stands still. */
import {
  type AudioSource,
  type ClientEvent,
  type SocketRequest,
  SttClient,
  type SttClientOptions,
} from "../../../src/index.js";
import { FakeClock, type MemorySocket, memorySocketFactory, settle } from "../../../src/testing/index.js";
import { DEFAULT_SCRIPT, type Script, ScriptedSession } from "./scripted-session.js";

export interface Harness {
  client: SttClient;
  clock: FakeClock;
  script: Script;
  sessions: ScriptedSession[];
  requests: SocketRequest[];
  events: ClientEvent[];
  /** An HTTP status to refuse upgrades with; undefined accepts. */
  refuse: { status: number | undefined };
  /** The server's end of the present connection. */
  readonly socket: MemorySocket;
  readonly session: ScriptedSession;
  /** Breaks the present connection. */
  cut(): void;
  /** Texts of the finals delivered. */
  finals(): string[];
  types(): string[];
}

/** Jitter is 1 by default: delays are their upper bounds, and tests can name them. */
export function createHarness(options: SttClientOptions = {}, script: Partial<Script> = {}): Harness {
  const clock = new FakeClock();
  const sockets: MemorySocket[] = [];
  const sessions: ScriptedSession[] = [];
  const requests: SocketRequest[] = [];
  const events: ClientEvent[] = [];
  const refuse: Harness["refuse"] = { status: undefined };
  const liveScript: Script = { ...DEFAULT_SCRIPT, ...script };
  const socketFactory = memorySocketFactory((server, request) => {
    requests.push(request);
    if (refuse.status !== undefined) return refuse.status;
    sockets.push(server);
    const session = new ScriptedSession(liveScript, {
      send: (text) => server.send(text),
      // The client closes after `end` too; a cut between the two is only possible if it does so alone.
      close: () => {},
    });
    sessions.push(session);
    server.onmessage = ({ data }) => session.receive(data);
    return undefined;
  });
  // Without the warm-up, replays begin exactly after the last final, and tests can name the sample.
  const defaults = { url: "ws://one:8012", clock, random: () => 1, warmUpMs: 0 };
  const client = new SttClient({ ...defaults, socketFactory, ...options });
  client.on("event", (event) => events.push(event));
  return {
    client,
    clock,
    script: liveScript,
    sessions,
    requests,
    events,
    refuse,
    get socket() {
      return sockets.at(-1)!;
    },
    get session() {
      return sessions.at(-1)!;
    },
    cut: () => sockets.at(-1)!.terminate(),
    finals: () => events.flatMap((event) => (event.type === "final" ? [event.text] : [])),
    types: () => events.map((event) => event.type),
  };
}

/** One whose recording has started. */
export async function startedHarness(...args: Parameters<typeof createHarness>) {
  const harness = createHarness(...args);
  await harness.client.start();
  return { ...harness, session: harness.session, socket: harness.socket };
}

/** The first retry's delay with jitter 1. */
export const FIRST_DELAY_MS = 500;

/** Options of a client that has another server to go to. */
export const TWO_SERVERS: SttClientOptions = { url: ["ws://one:8012", "ws://two:8012"] };

/** The servers asked so far. */
export function hostsOf({ requests }: Pick<Harness, "requests">): string[] {
  return requests.map(({ url }) => new URL(url).hostname);
}

/** PCM of so many samples, 16 kHz mono s16le. */
export function pcm(samples: number): Uint8Array {
  return new Uint8Array(samples * 2);
}

/** A file of so many samples in chunks of 100. Records what was pulled from it. */
export function fileOf(samples: number, chunkSamples = 100): AudioSource & { pulled: number; closed: boolean } {
  const source = {
    format: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 } as const,
    durationMs: samples / 16,
    pulled: 0,
    closed: false,
    async *chunks(signal: AbortSignal) {
      while (source.pulled < samples && !signal.aborted) {
        const size = Math.min(chunkSamples, samples - source.pulled);
        source.pulled += size;
        yield pcm(size);
      }
    },
    close: async () => {
      source.closed = true;
    },
  };
  return source;
}

/** A microphone whose audio the test pushes. */
export function microphoneOf(): AudioSource & {
  speak(samples: number): void;
  fail(error: Error): void;
  closed: boolean;
} {
  const queue: Uint8Array[] = [];
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const source = {
    format: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 } as const,
    closed: false,
    speak(samples: number) {
      queue.push(pcm(samples));
      wake?.();
    },
    fail(error: Error) {
      failure = error;
      wake?.();
    },
    async *chunks(signal: AbortSignal) {
      signal.addEventListener("abort", () => wake?.());
      for (;;) {
        const chunk = queue.shift();
        if (chunk) yield chunk;
        else if (failure) throw failure;
        else if (signal.aborted) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
    close: async () => {
      source.closed = true;
    },
  };
  return source;
}

/** How a promise stands after everything that can happen now has happened. */
export async function stateOf(promise: Promise<unknown>): Promise<"pending" | "resolved" | "rejected"> {
  let state: "pending" | "resolved" | "rejected" = "pending";
  promise.then(
    () => {
      state = "resolved";
    },
    () => {
      state = "rejected";
    },
  );
  await settle(50);
  return state;
}

/** Long enough for a message to cross the memory sockets and be answered. */
export function exchange(): Promise<void> {
  return settle(200);
}
