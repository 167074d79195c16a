/** `@stt/core`: everything that server and clients share, on any platform. */
export { assertNever } from "./assert-never.js";
export { ChannelMixer, MAX_CHANNELS } from "./audio/channel-mixer.js";
export { type FrameCallback, Framer } from "./audio/framer.js";
export { A_LAW, decodeG711, MU_LAW } from "./audio/g711.js";
export { HighPass } from "./audio/high-pass.js";
export { JoinedWavDecoder, wavBeginning } from "./audio/joined-wav-decoder.js";
export { MonoResampler } from "./audio/mono-resampler.js";
export {
  decodePcm,
  encodePcm,
  monoToPcm,
  type PcmLayout,
  pcmToChannels,
  pcmToMono,
  rms,
  sumOfSquares,
} from "./audio/pcm.js";
export { PcmBuffer } from "./audio/pcm-buffer.js";
export { StreamingResampler } from "./audio/resampler.js";
export { ByteRing, type PcmChunk, type SampleRange, SampleRing } from "./audio/ring-buffer.js";
export {
  type AudioEncoding,
  type AudioFormat,
  type AudioSource,
  bytesPerFrame,
  bytesPerSample,
  type SourceHost,
} from "./audio/source.js";
export { type DecodedWav, decodeWav, encodeWav, parseWavHeader } from "./audio/wav.js";
export { WavDecoder, type WavEnd, type WavHeader } from "./audio/wav-decoder.js";
export type { WavFormat, WavSampleType } from "./audio/wav-format.js";
export * from "./client/index.js";
export { type Clock, systemClock } from "./clock.js";
export { languageSchema, languagesSchema } from "./config/language-schema.js";
export {
  normalizeLanguage,
  normalizeLanguageChoice,
  readLanguage,
  readLanguages,
  WHISPER_LANGUAGES,
} from "./config/languages.js";
export {
  type Device,
  ENGINE_SAMPLE_RATE,
  type EngineCapabilities,
  type EngineInfo,
  type EngineMemory,
  type TranscribedWord,
  type TranscribeOptions,
  type Transcription,
  type TranscriptionEngine,
  type TranscriptionSegment,
} from "./engine.js";
export { abortError, isSttError, messageOf, SttError, type SttErrorCode, type SttErrorOptions } from "./errors.js";
export * from "./i18n/index.js";
export {
  AUDIO_FRAME_HEADER_BYTES,
  type AudioFrame,
  decodeAudioFrame,
  encodeAudioFrame,
} from "./protocol/audio-frame.js";
export { CloseCode, mayReconnectAfter } from "./protocol/close-codes.js";
export { decodeClientMessage, decodeServerMessage, encodeMessage } from "./protocol/codec.js";
export { FILE_ENDPOINTING } from "./protocol/file-endpointing.js";
export {
  audioFormatSchema,
  type ClientMessage,
  type ClientMessageOf,
  clientMessageSchema,
  type Eagerness,
  type Endpointing,
  endpointingSchema,
  type FinalWord,
  type PartialsMode,
  type ResumePoint,
  type ServerMessage,
  type ServerMessageOf,
  type SessionOptions,
  type SpokenCommand,
  serverMessageSchema,
} from "./protocol/messages.js";
export {
  BEARER_SUBPROTOCOL_PREFIX,
  PROTOCOL_VERSION,
  RESUME_SUBPROTOCOL_PREFIX,
  STREAM_PATH,
  SUBPROTOCOL,
} from "./protocol/version.js";
export { collapseLoops } from "./speech/collapse-loops.js";
export {
  checkHallucination,
  checkSpeech,
  DEFAULT_HALLUCINATION_LIMITS,
  type DecodedText,
  type HallucinationLimits,
  type HallucinationRule,
  type HallucinationSign,
  type SpeechEvidence,
} from "./speech/hallucination-check.js";
export { repetitiveness } from "./speech/hallucination-rules.js";
export { type Hypothesis, type HypothesisWord, hypothesisOf } from "./speech/hypothesis.js";
export { LanguageLock, type LanguageLockOptions, type LanguageObservation } from "./speech/language-lock.js";
export { shownWords } from "./speech/shown-words.js";
export { type HypothesisInfo, type StabilizedText, Stabilizer, type StabilizerOptions } from "./speech/stabilizer.js";
export {
  capitalize,
  collapseSpaces,
  endsSentence,
  type FormatOptions,
  formatText,
  type JoinAtOptions,
  joinAt,
  joinText,
  joinWords,
  lowerFirst,
  separator,
  textHint,
  withFullStop,
} from "./speech/text-format.js";
export { knowsTurnsIn, shortestTurnWaitMs, soundsFinished, type TurnPolicy, turnWaitMs } from "./speech/turn-waits.js";
export type {
  SpeechPart,
  TextHint,
  TrackerEvent,
  TrackerOptions,
  TrackerOrigin,
  TrackerState,
  UtteranceEndReason,
} from "./speech/utterance-events.js";
export { UtteranceTracker } from "./speech/utterance-tracker.js";
export { type WordErrorRate, wordErrorRate } from "./speech/word-error-rate.js";
export { foldedWords, foldWord, splitWords } from "./speech/words.js";
export {
  type ReadReplacements,
  type ReplacementProblem,
  readReplacements,
  readReplacementsCsv,
  writeReplacements,
  writeReplacementsCsv,
} from "./text/replacement-text.js";
export {
  MAX_FIND_CHARACTERS,
  MAX_PATTERNS,
  MAX_REPLACE_CHARACTERS,
  MAX_REPLACEMENTS,
} from "./text/text-limits.js";
export type { Numerals, Redaction, Replacement, SpokenCommands } from "./text/text-options.js";
export { type ExportFormat, type ExportSegment, exportTranscript } from "./transcript/export.js";
export type { TranscriptAction, TranscriptSegment, TranscriptState } from "./transcript/reducer.js";
export { EMPTY_TRANSCRIPT, transcriptReducer } from "./transcript/reducer.js";
export { createTranscriptStore, type TranscriptStore } from "./transcript/store.js";
export { VAD_FRAME_SAMPLES, type VadListener, type VadStream, type VoiceActivityDetector } from "./vad.js";
export {
  isVocabulary,
  isVocabularyEntry,
  MAX_TERM_CHARACTERS,
  MAX_TERMS,
  VOCABULARY_RULE,
  type VocabularyEntry,
  type VocabularyTerm,
  vocabularyOf,
} from "./vocabulary/vocabulary.js";
export { formatVocabulary, parseVocabulary } from "./vocabulary/vocabulary-text.js";
export { waitUntil } from "./wait-until.js";
