/** The client state machine, without a platform: client-node and client-web bring sockets and microphones. */
export { type BackoffOptions, backoffDelayMs } from "./backoff.js";
export type {
  ClientEvent,
  ClientEventMap,
  ClientEventOf,
  ClientEventType,
  ClientStatus,
  ErrorEvent,
  LatencyEvent,
  ReconnectingEvent,
  SourceEndEvent,
  StatusEvent,
  WarningEvent,
} from "./events.js";
export { normalizeStreamUrl, type ReconnectOptions, type SttClientOptions, type TokenProvider } from "./options.js";
export { paced } from "./pace.js";
export type { ClientSnapshot, ServerInfo } from "./snapshot.js";
export {
  bearerProtocol,
  type ClientSocket,
  type SocketClose,
  type SocketFactory,
  type SocketHandlers,
  type SocketRequest,
} from "./socket.js";
export { type Abortable, type StartOptions, type StopOptions, SttClient } from "./stt-client.js";
