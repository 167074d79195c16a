/** The client state machine, without a platform: client-node and client-web bring sockets and microphones. */
export { type BackoffOptions, backoffDelayMs } from "./connection/backoff.js";
export {
  bearerProtocol,
  type ClientSocket,
  type SocketClose,
  type SocketFactory,
  type SocketHandlers,
  type SocketRequest,
} from "./connection/socket.js";
export type {
  ClientErrorEvent,
  ClientEvent,
  ClientEventMap,
  ClientStatus,
  CommandEvent,
  LatencyEvent,
  ReconnectingEvent,
  SourceEndEvent,
  StatusEvent,
  WarningEvent,
} from "./events/events.js";
export { normalizeStreamUrl, type ReconnectOptions, type SttClientOptions, type TokenProvider } from "./options.js";
export { paced } from "./recording/pace.js";
export type { ClientSnapshot, ServerInfo } from "./snapshot.js";
export { type Abortable, type StartOptions, type StopOptions, SttClient } from "./stt-client.js";
