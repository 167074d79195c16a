import {
  type EngineInfo,
  type EngineMemory,
  isSttError,
  messageOf,
  SttError,
  type SttErrorCode,
  type TranscribeOptions,
  type Transcription,
} from "@stt/core";
import type { LogLevel } from "../../observability/log.js";
import type { WhisperEngineOptions } from "./options.js";

/**
 * Messages between the server and an inference process. They travel with Node's "advanced" serialisation, which carries typed
 * arrays as bytes.
 */
export type WorkerRequest =
  | { kind: "open"; options: Omit<WhisperEngineOptions, "log"> }
  | { kind: "transcribe"; id: number; audio: Float32Array; options: TranscribeOptions }
  | { kind: "abort"; id: number }
  | { kind: "memory"; id: number };

/** An {@link SttError} in transit. */
export interface WireError {
  code: SttErrorCode;
  message: string;
  retryable: boolean;
}

export type WorkerReply =
  | { kind: "ready"; info: EngineInfo }
  | { kind: "failed"; error: WireError }
  | { kind: "done"; id: number; result: Transcription | EngineMemory }
  | { kind: "error"; id: number; error: WireError }
  | { kind: "log"; level: LogLevel; fields: object; message: string };

export function toWireError(error: unknown): WireError {
  if (isSttError(error)) return { code: error.code, message: error.message, retryable: error.retryable };
  return { code: "internal", message: messageOf(error), retryable: false };
}

export function fromWireError(error: WireError): SttError {
  return new SttError(error.code, error.message, { retryable: error.retryable });
}
