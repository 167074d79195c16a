/** A connection that carries messages: a WebSocket of `ws`, or a framed TCP connection that behaves like one. */
export interface MessageSocket {
  readonly readyState: number;
  /** The `readyState` of a connection that can send. */
  readonly OPEN: number;
  readonly isPaused: boolean;
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number;
  /** @param sent called once it has left this process */
  send(data: string | Uint8Array, sent: () => void): void;
  /** Stops reading. */
  pause(): void;
  resume(): void;
  close(code: number, reason: string | Buffer): void;
  /** Ends the connection at once. */
  terminate(): void;
  on(event: "message", listener: (data: Buffer, isBinary: boolean) => void): unknown;
  on(event: "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}
