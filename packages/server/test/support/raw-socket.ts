import { once } from "node:events";
import { decodeServerMessage, type ServerMessage, type ServerMessageOf } from "@stt/core";
import { expect, vi } from "vitest";
import { type ClientOptions, WebSocket } from "ws";

/** A WebSocket that says exactly what a test tells it to, mistakes included. */
export class RawSocket {
  readonly messages: ServerMessage[] = [];
  closed: { code: number; reason: string } | undefined;

  constructor(readonly socket: WebSocket) {
    socket.on("message", (data) => {
      const message = decodeServerMessage(String(data));
      if (message) this.messages.push(message);
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
    socket.on("error", () => {});
  }

  static async open(url: string, options: ClientOptions = {}): Promise<RawSocket> {
    const raw = new RawSocket(new WebSocket(url, "stt.v1", options));
    await once(raw.socket, "open");
    return raw;
  }

  /** Opens a session of 16 kHz mono 16-bit audio. */
  static async start(url: string, options: object = {}, socketOptions: ClientOptions = {}): Promise<RawSocket> {
    const raw = await RawSocket.open(url, socketOptions);
    raw.json({
      type: "start",
      protocol: 1,
      audio: { encoding: "pcm_s16le", sampleRate: 16_000, channels: 1 },
      ...options,
    });
    await raw.next("ready");
    return raw;
  }

  json(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  text(text: string): void {
    this.socket.send(text);
  }

  binary(bytes: Uint8Array): void {
    this.socket.send(bytes);
  }

  async next<T extends ServerMessage["type"]>(type: T, timeout = 10_000): Promise<ServerMessageOf<T>> {
    await vi.waitFor(() => expect(this.messages.some((message) => message.type === type)).toBe(true), {
      timeout,
      interval: 5,
    });
    return this.messages.find((message) => message.type === type) as ServerMessageOf<T>;
  }

  async ended(): Promise<{ code: number; reason: string }> {
    await vi.waitFor(() => expect(this.closed).toBeDefined(), { timeout: 10_000, interval: 5 });
    return this.closed!;
  }

  close(): void {
    this.socket.terminate();
  }
}
