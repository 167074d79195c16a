import { SUBPROTOCOL } from "@stt/core";
import type { WebSocket } from "ws";
import type { Operations } from "../../admin/operations.js";
import type { ListenerRole } from "../../lifecycle/listeners.js";
import type { SessionHost } from "../../session/session-host.js";
import type { Door, Visitor } from "../door.js";
import { ControlConnection } from "./control-connection.js";
import { DataConnection } from "./data-connection.js";
import { Pairing } from "./pairing.js";

/** What this wire needs of the server. */
export interface RealtimeSttContext {
  host: SessionHost;
  operations: Operations;
  /** Largest binary message, bytes. */
  maxFrameBytes: number;
  /** Above this many unsent bytes a reader is given up. */
  maxSendBufferBytes: number;
  /** Most audio sent with `transcription_start`, milliseconds; 0 sends none. */
  transcriptionAudioMs: number;
  /** Both ports are one: a socket on the bare path shows by its first message what it is. */
  onePort: boolean;
}

/** Largest command, bytes. */
const MAX_COMMAND_BYTES = 65_536;

/** RealtimeSTT's wire on the bare path: data on the one listener, control on the other (docs/protocol.md). */
export function realtimeSttDoors(context: RealtimeSttContext): Door[] {
  const pairing = new Pairing<ControlConnection, DataConnection>(context.host.clock, (control, data) =>
    data.recorder.adopt(control.recorder),
  );

  function openData(socket: WebSocket, visitor: Visitor): void {
    const data = new DataConnection(socket, context, visitor);
    pairing.dataOpened(data, keyOf(visitor));
    socket.on("close", () => pairing.dataClosed(data));
  }

  function openControl(socket: WebSocket, visitor: Visitor): void {
    const control: ControlConnection = new ControlConnection(socket, context, visitor, {
      data: () => pairing.dataOf(control),
      commanded: () => pairing.commanded(control),
    });
    pairing.controlOpened(control, keyOf(visitor));
    socket.on("close", () => pairing.controlClosed(control));
  }

  /** The first message says it: commands are text, audio is binary. */
  function openEither(socket: WebSocket, visitor: Visitor): void {
    // `ws` closes the socket itself after a broken frame; without a listener the process would end.
    socket.on("error", () => {});
    socket.once("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) openData(socket, visitor);
      else openControl(socket, visitor);
      socket.emit("message", data, isBinary);
    });
  }

  const door = (role: ListenerRole, accept: Door["accept"]): Door => ({
    path: "/",
    role,
    scope: "transcribe",
    opensSession: role === "data",
    // The frame limit proper is judged by the connection, which can say so; this bound only protects the memory.
    maxPayloadBytes: role === "data" ? 4 * context.maxFrameBytes : MAX_COMMAND_BYTES,
    selectProtocol: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    accept,
  });
  if (context.onePort) return [door("data", openEither)];
  return [door("control", openControl), door("data", openData)];
}

function keyOf({ principal, address }: Visitor): string {
  return JSON.stringify([principal.name, address]);
}
