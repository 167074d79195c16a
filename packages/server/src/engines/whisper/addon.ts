import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { messageOf, SttError } from "@stt/core";
import { addonCandidates, addonRemedy } from "../../../scripts/native-cache.mjs";

/** A compute device that ggml sees. */
export interface NativeDevice {
  name: string;
  description: string;
  gpu: boolean;
  freeBytes: number;
  totalBytes: number;
}

/** One line that whisper.cpp or ggml wrote. */
export interface NativeLogLine {
  level: "info" | "warn" | "error";
  text: string;
}

/** Facts from the header of a loaded model. */
export interface NativeModelInfo {
  /** `tiny`, `base`, `small`, `medium` or `large`, told by the number of layers. */
  type: string;
  multilingual: boolean;
  vocabularySize: number;
  /** Encoder positions of the full window, 50 a second. */
  audioContext: number;
  textContext: number;
  melBands: number;
  ftype: number;
  /** Tokens from this id on are not text. */
  endOfTextToken: number;
}

/** What one job asks of the addon; every field is required, defaults belong to the caller. */
export interface NativeJobOptions {
  /** ISO 639-1 code or `auto`. */
  language: string;
  /** Prior of each language for `auto`, in the order of {@link NativeAddon.languages}: 0 rules one out; empty: all alike. */
  languageWeights: Float32Array;
  translate: boolean;
  prompt: string;
  /** UTF-8 texts whose tokens are favoured; none: nothing is changed. */
  terms: readonly string[];
  /** For a token that begins a term, and for one that goes on with it: nats that are added to its logit. */
  termStartBonus: number;
  termNextBonus: number;
  /** 1 is greedy; at most 8. */
  beamSize: number;
  temperature: number;
  /** Step of the temperature fallback; 0 turns it off. */
  temperatureStep: number;
  /** Encoder positions; 0 is the full window. */
  audioContext: number;
  threads: number;
  /** Compute `tokenTimes`. */
  tokenTimes: boolean;
}

/** A job's result as flat arrays. Times are centiseconds. */
export interface NativeResult {
  language: string;
  /** Of `language` among the candidates by the audio alone, without the weights; negative when the language was given. */
  languageProbability: number;
  /** Start and end of each segment. */
  segmentTimes: Int32Array;
  /** For each segment the index after its last token. */
  segmentTokenEnds: Int32Array;
  noSpeechProbabilities: Float32Array;
  tokenIds: Int32Array;
  /** Start and end of each token; -1 without `tokenTimes`. */
  tokenTimes: Int32Array;
  tokenProbabilities: Float32Array;
  tokenLogProbabilities: Float32Array;
  /** For each token the offset after its last byte in `bytes`. */
  tokenByteEnds: Int32Array;
  /** Text of all tokens. One token may hold part of a UTF-8 sequence. */
  bytes: Uint8Array;
}

/** One `whisper_state`: runs one job at a time on its own thread. */
export interface NativeSession {
  /** Rejects with an error that has `aborted: true` after {@link abort}. Throws when the session is busy or closed. */
  transcribe(audio: Float32Array, options: NativeJobOptions): Promise<NativeResult>;
  /** Stops the running job between two operations of the model. */
  abort(): void;
  /** Name of the backend that computes, for example `CPU` or `CUDA0`. */
  backend(): string;
  /** Ends the thread and frees the state; waits for a running job to notice its abort. */
  close(): void;
}

/** The weights, shared by all sessions. */
export interface NativeModel {
  info(): NativeModelInfo;
  createSession(): Promise<NativeSession>;
  /** Frees the weights once the last session is closed. */
  close(): void;
}

/** The native addon (`packages/server/native`). */
export interface NativeAddon {
  loadModel(path: string, options: { gpu: boolean; gpuDevice: number; flashAttention: boolean }): Promise<NativeModel>;
  /** Takes what was logged since the last call, oldest first; the oldest lines fall out past 256. */
  drainLogs(): NativeLogLine[];
  /** Compiled-in processor features. */
  systemInfo(): string;
  /** Version of whisper.cpp. */
  version(): string;
  /** ISO 639-1 codes that whisper.cpp knows. */
  languages(): string[];
  devices(): NativeDevice[];
  /**
   * Only in a portable build: loads the backend library that suits this processor, and the one for CUDA if there is one. More
   * calls do nothing.
   *
   * @param directory where the libraries lie
   * @param cuda path of the CUDA library, or empty; the log says why it did not load
   * @throws Error no library suits or loads
   */
  loadBackends?(directory: string, cuda: string): void;
}

/**
 * Loads the built addon.
 *
 * @param options.preferCuda try a build with CUDA first
 * @throws SttError `native_unavailable` naming the command that builds it
 */
export function loadAddon(options: { preferCuda?: boolean } = {}): NativeAddon {
  const require = createRequire(import.meta.url);
  const { files, command, problems } = findCandidates(options);
  const failures: string[] = [];
  let cause: unknown;
  for (const file of files) {
    try {
      return withBriefSpinning(() => {
        const addon = require(file) as NativeAddon;
        const directory = path.dirname(file);
        addon.loadBackends?.(directory, cudaLibrary(directory));
        return addon;
      });
    } catch (error) {
      failures.push(`${file} does not load (${messageOf(error)})`);
      cause = error;
    }
  }
  if (failures.length === 0) failures.push("it has not been built on this machine");
  const what = [...failures, ...problems].join("; ");
  throw new SttError(
    "native_unavailable",
    `The speech engine's native addon is missing: ${what}. Run \`${command}\`, or set STT_NATIVE_ADDON to a built .node file.`,
    { cause },
  );
}

function cudaLibrary(directory: string): string {
  const file = path.join(directory, process.platform === "win32" ? "ggml-cuda.dll" : "libggml-cuda.so");
  return existsSync(file) ? file : "";
}

/**
 * Has OpenMP's threads spin for some 20 microseconds at a barrier before they sleep, instead of milliseconds.
 *
 * A decoded token takes hundreds of barriers. When another program takes a core, each of them waits for a thread that is not
 * running; measured on 2 busy cores, a decoding of 0.1 s took 0.3 to 10 s with the default and at most 0.5 s so. On an idle
 * machine it is no slower. libgomp reads its environment once, when the addon brings it in.
 */
function withBriefSpinning<T>(load: () => T): T {
  const { env } = process;
  if (env.GOMP_SPINCOUNT !== undefined || env.OMP_WAIT_POLICY !== undefined) return load();
  env.GOMP_SPINCOUNT = "1000";
  try {
    return load();
  } finally {
    delete env.GOMP_SPINCOUNT;
  }
}

function findCandidates(options: { preferCuda?: boolean }) {
  try {
    return { files: addonCandidates(options), ...addonRemedy({ cuda: options.preferCuda === true }) };
  } catch (error) {
    throw new SttError(
      "native_unavailable",
      `The speech engine's native addon cannot be looked for: ${messageOf(error)}. Reinstall the package @stt/server.`,
      { cause: error },
    );
  }
}
