import { SUBPROTOCOL } from "@stt/core";
import type { WebSocket } from "ws";
import type { ConnectionRequest, ListenerRole, WebSocketEndpoint } from "../websocket-endpoint.js";
import { ControlConnection } from "./control-connection.js";
import { DataConnection } from "./data-connection.js";
import { Pairing } from "./pairing.js";
import type { RealtimeSttContext } from "./realtimestt-context.js";

/** Largest command, bytes. */
const MAX_COMMAND_BYTES = 65_536;

/** RealtimeSTT's wire on the bare path: data on the one listener, control on the other (docs/protocol.md). */
export function realtimeSttEndpoints(context: RealtimeSttContext): WebSocketEndpoint[] {
  const pairing = new Pairing<ControlConnection, DataConnection>(context.host.clock, (control, data) =>
    data.recorder.adopt(control.recorder),
  );

  function openData(socket: WebSocket, request: ConnectionRequest): void {
    const data = new DataConnection(socket, request, context);
    pairing.dataOpened(data, keyOf(request));
    socket.on("close", () => pairing.dataClosed(data));
  }

  function openControl(socket: WebSocket, request: ConnectionRequest): void {
    const control: ControlConnection = new ControlConnection(socket, request, context, {
      data: () => pairing.dataOf(control),
      commanded: () => pairing.commanded(control),
    });
    pairing.controlOpened(control, keyOf(request));
    socket.on("close", () => pairing.controlClosed(control));
  }

  /** The first message says it: commands are text, audio is binary. */
  function openEither(socket: WebSocket, request: ConnectionRequest): void {
    // `ws` closes the socket itself after a broken frame; without a listener the process would end.
    socket.on("error", () => {});
    socket.once("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) openData(socket, request);
      else openControl(socket, request);
      socket.emit("message", data, isBinary);
    });
  }

  const endpoint = (role: ListenerRole, accept: WebSocketEndpoint["accept"]): WebSocketEndpoint => ({
    path: "/",
    role,
    scope: "transcribe",
    opensSession: role === "data",
    // The frame limit proper is enforced by the socket, which can say so; this bound only protects the memory.
    maxPayloadBytes: role === "data" ? 4 * context.maxFrameBytes : MAX_COMMAND_BYTES,
    selectProtocol: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    accept,
  });
  if (context.onePort) return [endpoint("data", openEither)];
  return [endpoint("control", openControl), endpoint("data", openData)];
}

function keyOf({ principal, address }: ConnectionRequest): string {
  return JSON.stringify([principal.name, address]);
}
