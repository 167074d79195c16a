/** `@stt/client-web`: dictation for the browser. */
export type {
  AudioFormat,
  AudioSource,
  ClientEvent,
  ClientSnapshot,
  ClientStatus,
  SttClientOptions,
} from "@stt/core";
export { isSttError, SttClient, SttError } from "@stt/core";
export { createSttClient } from "./client.js";
export { webSocketFactory } from "./web-socket.js";
