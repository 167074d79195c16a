/** WebSockets of the `ws` package for the core client. */
import type { ClientRequest, IncomingMessage } from "node:http";
import type { ClientSocket, SocketClose, SocketFactory } from "@stt/core";
import { messageOf } from "@stt/core";
import WebSocket from "isomorphic-ws";

/** Opens sockets with `ws`; the token travels in the `Authorization` header. */
export const wsSocketFactory: SocketFactory = (request, handlers): ClientSocket => {
  const socket = new WebSocket(request.url, request.protocols, {
    headers: request.token ? { authorization: `Bearer ${request.token}` } : {},
    // Speech does not compress, and text is too short to be worth a zlib context per connection.
    perMessageDeflate: false,
  });
  let failure: Partial<SocketClose> = {};
  socket.on("open", () => handlers.open());
  socket.on("message", (data, isBinary) => {
    const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    handlers.message(isBinary ? bytes : bytes.toString("utf8"));
  });
  socket.on("unexpected-response", (upgrade: ClientRequest, response: IncomingMessage) => {
    failure = refusal(response);
    response.resume();
    upgrade.destroy();
    socket.terminate();
  });
  // `close` follows every error; without a listener the error would end the process.
  socket.on("error", (error) => {
    failure = { reason: reasonOf(error), cause: error, ...failure };
  });
  socket.on("close", (code, reason) => {
    handlers.close({ code, reason: reason.toString("utf8"), ...failure });
  });
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send: (data) => socket.send(data),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  };
};

function refusal(response: IncomingMessage): Partial<SocketClose> {
  const retryAfterMs = parseRetryAfter(response.headers["retry-after"]);
  return {
    ...(response.statusCode === undefined ? {} : { httpStatus: response.statusCode }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** RFC 9110: seconds, or a date. */
function parseRetryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** `localhost` has two addresses: Node then reports an AggregateError, whose own message is empty. */
function reasonOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof AggregateError && error.errors.length > 0) return code ?? messageOf(error.errors[0]);
  return error.message || (code ?? "");
}
