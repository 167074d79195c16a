/**
 * What the plugin uses of `@livekit/agents`. The package itself, 285 MB with its native parts, is installed by the test alone,
 * which then checks the sources against the real types: where the two disagree, it fails.
 */
declare module "@livekit/agents" {
  interface AudioFrame {
    data: Int16Array;
    sampleRate: number;
    channels: number;
    samplesPerChannel: number;
  }
  export type AudioBuffer = AudioFrame[] | AudioFrame;
  export interface APIConnectOptions {
    maxRetry: number;
    retryIntervalMs: number;
    timeoutMs: number;
  }
  export const DEFAULT_API_CONNECT_OPTIONS: APIConnectOptions;

  interface APIErrorOptions {
    body?: object | null;
    retryable?: boolean;
  }
  export class APIError extends Error {
    readonly retryable: boolean;
  }
  export class APIStatusError extends APIError {
    constructor(fields: { message?: string; options?: APIErrorOptions & { statusCode?: number } });
    readonly statusCode: number;
  }
  export class APIConnectionError extends APIError {
    constructor(fields: { message?: string; options?: APIErrorOptions });
  }
  export class APITimeoutError extends APIConnectionError {}

  export type LanguageCode = string & { __languageCode: true };
  export function normalizeLanguage(language: string): LanguageCode;

  export interface TimedString {
    text: string;
    startTime?: number;
    endTime?: number;
    confidence?: number;
  }
  export function createTimedString(fields: {
    text: string;
    startTime?: number;
    endTime?: number;
    confidence?: number;
    startTimeOffset?: number;
  }): TimedString;

  export abstract class Plugin {
    constructor(fields: { title: string; version: string; package: string });
    static registerPlugin(plugin: Plugin): void;
  }

  export namespace stt {
    enum SpeechEventType {
      START_OF_SPEECH = 0,
      INTERIM_TRANSCRIPT = 1,
      FINAL_TRANSCRIPT = 2,
      END_OF_SPEECH = 3,
      RECOGNITION_USAGE = 4,
      PREFLIGHT_TRANSCRIPT = 5,
    }
    interface SpeechData {
      language: LanguageCode;
      text: string;
      startTime: number;
      endTime: number;
      confidence: number;
      words?: TimedString[];
      metadata?: Record<string, unknown>;
    }
    interface SpeechEvent {
      type: SpeechEventType;
      alternatives?: [SpeechData, ...SpeechData[]];
      speechEndTime?: number;
      requestId?: string;
      recognitionUsage?: { audioDuration: number };
    }
    interface STTCapabilities {
      streaming: boolean;
      interimResults: boolean;
      alignedTranscript?: "word" | "chunk" | false;
      keyterms?: boolean;
    }
    abstract class STT {
      constructor(capabilities: STTCapabilities);
      abstract label: string;
      get model(): string;
      get provider(): string;
      recognize(frame: AudioBuffer, abortSignal?: AbortSignal): Promise<SpeechEvent>;
      protected abstract _recognize(frame: AudioBuffer, abortSignal?: AbortSignal): Promise<SpeechEvent>;
      _updateSessionKeyterms(keyterms: string[]): void;
      protected updateCapabilities(capabilities: Partial<STTCapabilities>): void;
      abstract stream(options?: { connOptions?: APIConnectOptions }): SpeechStream;
      close(): Promise<void>;
    }
    abstract class SpeechStream implements AsyncIterableIterator<SpeechEvent> {
      protected static readonly FLUSH_SENTINEL: unique symbol;
      constructor(stt: STT, sampleRate?: number, connectionOptions?: APIConnectOptions);
      abstract label: string;
      protected input: AsyncIterable<AudioFrame | typeof SpeechStream.FLUSH_SENTINEL>;
      protected queue: { closed: boolean; put(event: SpeechEvent): void };
      protected closed: boolean;
      protected abstract run(): Promise<void>;
      protected get abortSignal(): AbortSignal;
      get startTimeOffset(): number;
      pushFrame(frame: AudioFrame): void;
      flush(): void;
      endInput(): void;
      next(): Promise<IteratorResult<SpeechEvent>>;
      close(): void;
      [Symbol.asyncIterator](): SpeechStream;
    }
  }
}
