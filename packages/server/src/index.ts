/** `@stt/server`: a speech-to-text server as a library. */
export { createServer, type SttServer } from "./create-server.js";
export { type Diagnostics, deviceFallback, diagnosticLines } from "./lifecycle/diagnostics.js";
export type { BoundPorts } from "./lifecycle/listeners.js";
export type { GpuStatus } from "./machine/gpus.js";
export type { Log } from "./observability/log.js";
export { createLogger, type LoggerOptions } from "./observability/logger.js";
export type { Access, Credentials, Principal, Scope } from "./security/access.js";
export type { CreateServerOptions } from "./server-options.js";
