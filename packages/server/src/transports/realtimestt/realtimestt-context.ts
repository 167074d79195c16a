import type { Operations } from "../../admin/operations.js";
import type { SocketContext } from "../socket/session-socket.js";

/** What this wire needs of the server. */
export interface RealtimeSttContext extends SocketContext {
  operations: Operations;
  /** Most audio sent with `transcription_start`, milliseconds; 0 sends none. */
  transcriptionAudioMs: number;
  /** Both ports are one: a socket on the bare path shows by its first message what it is. */
  onePort: boolean;
}
