import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { SttError } from "@stt/core";
import { problem, refusalHeaders, statusOf } from "./problem.js";

interface Patience {
  /** A client that sends nothing for this long after its answer is not waited for. */
  idleMs: number;
  /** One that goes on sending is read for this long and this much at most. */
  lingerMs: number;
  maxBytes: number;
}

const USUAL: Patience = { idleMs: 500, lingerMs: 5000, maxBytes: 16 * 2 ** 20 };
/** Whoever is told to have been too slow sends slowly, and looks for an answer when it is through. */
const WITH_THE_SLOW: Patience = { idleMs: 5000, lingerMs: 30_000, maxBytes: 64 * 2 ** 20 };
const REQUEST_TIMEOUT = 408;

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
  const { idleMs, lingerMs, maxBytes } = status === REQUEST_TIMEOUT ? WITH_THE_SLOW : USUAL;
  const timers = [idleMs, lingerMs].map((ms) => setTimeout(() => socket.destroy(), ms));
  socket.once("close", () => timers.forEach(clearTimeout));
  let discarded = 0;
  socket.on("data", (chunk: Buffer) => {
    timers[0]!.refresh();
    discarded += chunk.length;
    if (discarded > maxBytes) socket.destroy();
  });
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
