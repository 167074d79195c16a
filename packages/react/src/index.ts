/** `@stt/react`: dictation as React hooks. */
export type {
  AudioLevel,
  AudioSource,
  ClientEvent,
  ClientSnapshot,
  ClientStatus,
  FileProgress,
  MicrophoneInfo,
  MicrophoneOptions,
  MicrophonePermission,
  MicrophoneSource,
  SttClient,
  SttClientOptions,
} from "@stt/client-web";
export type { TranscriptionOptions } from "./options.js";
export type { TranscriptionState } from "./state.js";
export { useAudioLevel } from "./use-audio-level.js";
export { useMicrophones } from "./use-microphones.js";
export { type UseTranscriptionResult, useTranscription } from "./use-transcription.js";
