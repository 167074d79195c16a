/** What `useTranscription` shows. */
import type {
  ClientSnapshot,
  ClientStatus,
  FileProgress,
  MicrophonePermission,
  MicrophoneSource,
  SttError,
} from "@stt/client-web";

/** The client's snapshot, and what the page adds to it. Immutable. */
export interface TranscriptionState extends ClientSnapshot {
  /** Why it does not work, the microphone or the connection; null again with the next `start`. */
  readonly error: SttError | null;
  /** Whether this page can record at all. Assumed on a server. */
  readonly isSupported: boolean;
  readonly permission: MicrophonePermission;
  /** The microphone while it is open: for `useAudioLevel`, its `state`, and `use` to change devices. */
  readonly microphone: MicrophoneSource | null;
  /** How far a file given to `transcribe` has been read; null while none is. */
  readonly fileProgress: FileProgress | null;
}

/** A client that was not made yet. */
export const IDLE_SNAPSHOT: ClientSnapshot = {
  status: "idle",
  error: null,
  isListening: false,
  isSpeaking: false,
  committedText: "",
  interimText: "",
  text: "",
  segments: [],
  reconnect: null,
  latencyMs: null,
  server: null,
};

/** The state before anything happened, which is also what a server renders. */
export const INITIAL_STATE: TranscriptionState = {
  ...IDLE_SNAPSHOT,
  isSupported: true,
  permission: "unknown",
  microphone: null,
  fileProgress: null,
};

/** Whether a client of this status has a recording. */
export function isActive(status: ClientStatus): boolean {
  switch (status) {
    case "connecting":
    case "listening":
    case "paused":
    case "reconnecting":
    case "finishing":
      return true;
    case "idle":
    case "connected":
    case "failed":
    case "closed":
      return false;
  }
}
