/** `@stt/client-web/vad`: sends only speech. Loads onnxruntime-web, an optional dependency, when a detector is made. */
export type { VadListener, VadStream, VoiceActivityDetector } from "@stt/core";
export { type SileroOptions, sileroVad } from "./silero.js";
export { type SpeechOnlyOptions, speechOnly } from "./speech-only.js";
