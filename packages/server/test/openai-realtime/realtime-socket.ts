import { once } from "node:events";
import { expect, vi } from "vitest";
import { type ClientOptions, WebSocket } from "ws";

export interface RealtimeEvent {
  type: string;
  event_id: string;
  [field: string]: unknown;
}

export interface RealtimeProblem {
  type: string;
  code: string;
  message: string;
  param: string | null;
  event_id: string | null;
}

/** A WebSocket to `/v1/realtime` that says exactly what a test tells it to, mistakes included. */
export class RealtimeSocket {
  readonly events: RealtimeEvent[] = [];
  closed: { code: number; reason: string } | undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on("message", (data) => this.events.push(JSON.parse(String(data))));
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
    socket.on("error", () => {});
  }

  static async open(
    url: string,
    { protocols = [], ...options }: ClientOptions & { protocols?: string[] } = {},
  ): Promise<RealtimeSocket> {
    const socket = new RealtimeSocket(new WebSocket(url, protocols, options));
    await once(socket.socket, "open");
    return socket;
  }

  send(event: object): void {
    this.socket.send(JSON.stringify(event));
  }

  of(type: string): RealtimeEvent[] {
    return this.events.filter((event) => event.type === type);
  }

  get errors(): RealtimeProblem[] {
    return this.of("error").map(({ error }) => error as RealtimeProblem);
  }

  async next(type: string, count = 1): Promise<RealtimeEvent> {
    await vi.waitFor(() => expect(this.of(type).length).toBeGreaterThanOrEqual(count), {
      timeout: 10_000,
      interval: 5,
    });
    return this.of(type)[count - 1]!;
  }

  async ended(): Promise<{ code: number; reason: string }> {
    await vi.waitFor(() => expect(this.closed).toBeDefined(), { timeout: 10_000, interval: 5 });
    return this.closed!;
  }

  close(): void {
    this.socket.terminate();
  }
}
