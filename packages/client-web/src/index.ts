/** `@stt/client-web`: dictation for the browser. */
export type {
  AudioFormat,
  AudioSource,
  ClientEvent,
  ClientSnapshot,
  ClientStatus,
  Locale,
  MicrophoneProblem,
  SttClientOptions,
} from "@stt/core";
export { isSttError, microphoneText, SttClient, SttError } from "@stt/core";
export { createSttClient } from "./client.js";
export { type FileProgress, type FileSourceOptions, fileSource } from "./file-source.js";
export type { AudioLevel } from "./level.js";
export { type MicrophoneSource, microphone } from "./microphone.js";
export { isMicrophoneError, MicrophoneError } from "./microphone-error.js";
export type {
  MicrophoneDevice,
  MicrophoneEvents,
  MicrophoneOptions,
  MicrophoneState,
} from "./microphone-options.js";
export { listMicrophones, type MicrophoneInfo, watchMicrophones } from "./microphones.js";
export { type MicrophonePermission, microphonePermission, watchMicrophonePermission } from "./permission.js";
export { isMicrophoneSupported } from "./support.js";
export { webSocketFactory } from "./web-socket.js";
