import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { SttError } from "@stt/core";
import { problem, refusalHeaders, statusOf } from "./problem.js";

/** A client that sends nothing for this long after its answer is not waited for. */
const IDLE_MS = 500;
/** One that goes on sending is read for this long and this much at most. */
const LINGER_MS = 5000;
const MAX_DISCARDED_BYTES = 16 * 2 ** 20;

/** What a refusal says, where it is not said as on all routes. */
export interface HttpRefusal {
  /** Becomes JSON. */
  body: object;
  /** Beside those of every refusal. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * Answers on a bare connection, where no HTTP response can be made, and ends it. What the client still sends is read and forgotten:
 * a connection that closes over unread bytes is reset, and its client never reads the answer.
 *
 * @param status @default that of the reason's code
 * @param refusal @default a {@link problem}
 */
export function rejectConnection(
  socket: Duplex,
  reason: SttError,
  status: number = statusOf(reason.code),
  refusal: HttpRefusal = { body: problem(reason.message, reason.code) },
): void {
  const body = JSON.stringify(refusal.body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...Object.entries({ ...refusalHeaders(reason), ...refusal.headers }).map(([name, value]) => `${name}: ${value}`),
  ];
  const timers = [IDLE_MS, LINGER_MS].map((ms) => setTimeout(() => socket.destroy(), ms));
  socket.once("close", () => timers.forEach(clearTimeout));
  let discarded = 0;
  socket.on("data", (chunk: Buffer) => {
    timers[0]!.refresh();
    discarded += chunk.length;
    if (discarded > MAX_DISCARDED_BYTES) socket.destroy();
  });
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
