/** `@stt/client-node`: dictation for Node. */
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
export { type ClientSettings, clientSettings } from "./client-settings.js";
export { type FileSourceOptions, fileSource } from "./file-source.js";
export { type MicrophoneOptions, type MicrophoneSource, microphone } from "./microphone.js";
export { listMicrophones, type MicrophoneInfo } from "./microphones.js";
export type { OpenRecorder, Recorder, RecorderHandlers } from "./recorder.js";
export { type StreamSourceOptions, streamSource } from "./stream-source.js";
export { wsSocketFactory } from "./ws-socket.js";
