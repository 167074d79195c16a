/** The browser's WebSocket for the core client. */
import { bearerProtocol, type ClientSocket, type SocketFactory } from "@stt/core";

/** Browsers cannot set headers, so the token travels as a subprotocol, which the server never echoes. */
export const webSocketFactory: SocketFactory = ({ url, protocols, token }, handlers): ClientSocket => {
  const socket = new WebSocket(url, token ? [...protocols, bearerProtocol(token)] : protocols);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => handlers.open();
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
    handlers.message(typeof data === "string" ? data : new Uint8Array(data));
  // `error` says nothing that the `close` after it does not.
  socket.onclose = ({ code, reason }) => handlers.close({ code, reason });
  return {
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    send: (data) => socket.send(data as string | Uint8Array<ArrayBuffer>),
    // Browsers allow a page no codes but 1000 and its own from 3000.
    close: (code, reason) => socket.close(code === 1000 || code >= 3000 ? code : 1000, reason),
    terminate: () => socket.close(),
  };
};
