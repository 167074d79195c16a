/** Options that tell one native build from another. */
export interface NativeFlags {
  /** With CUDA support. @default false */
  cuda?: boolean;
  /** For every processor of this architecture instead of this machine's. @default false */
  portable?: boolean;
}

/** Files of one native build. */
export interface NativePaths {
  key: string;
  directory: string;
  addon: string;
  whisperCli: string;
  whisperServer: string;
  /** The whisper.cpp source tree. */
  source: string;
  /** Version of that tree. */
  version: string;
}

export function packageRoot(): string;
export function cacheDirectory(env?: NodeJS.ProcessEnv, platform?: NodeJS.Platform): string;
export function whisperSource(env?: NodeJS.ProcessEnv): string;
export function whisperVersion(source: string): string;
export function nativePaths(flags?: NativeFlags, env?: NodeJS.ProcessEnv): NativePaths;
export function addonCandidates(options?: { preferCuda?: boolean }, env?: NodeJS.ProcessEnv): string[];
export function addonRemedy(
  flags?: { cuda?: boolean },
  directory?: string,
): { command: string /** Sentences without a full stop. */; problems: string[] };
