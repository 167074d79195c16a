import type { NativeFlags, NativePaths } from "./native-cache.mjs";

/** A failure whose message is one sentence for the person at the terminal. */
export class NativeBuildError extends Error {}

/** Options of {@link ensureNative}. */
export interface EnsureNativeOptions extends NativeFlags {
  /** Also whisper-cli and whisper-server. @default false */
  tools?: boolean;
  /** Build even if the cache has it. @default false */
  force?: boolean;
  /** Show nothing. @default false */
  quiet?: boolean;
  /** Replaces the display on stderr. */
  onProgress?: (progress: { phase: string; percent: number }) => void;
}

/**
 * Returns the paths of the built addon, building it first if this machine has not yet.
 *
 * @throws NativeBuildError a tool is missing, the cache is not writable, or the compiler failed
 */
export function ensureNative(options?: EnsureNativeOptions): Promise<NativePaths & { cached: boolean }>;

export { cacheDirectory, nativePaths } from "./native-cache.mjs";
