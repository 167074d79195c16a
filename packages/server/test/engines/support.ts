import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import type { Log, LogLevel } from "../../src/observability/log.js";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const server = path.join(root, "packages", "server");

export const workerFile = path.join(server, "dist", "engines", "whisper", "worker.js");
export const microModel = path.join(server, "models", "ggml-micro-q8_0.bin");

interface Sample {
  text: string;
  lang: string;
}

const transcripts = JSON.parse(readFileSync(path.join(root, "samples", "transcripts.json"), "utf8")) as Record<
  string,
  Sample
>;

/** A recording of `samples/` (16 kHz mono PCM16 with a 44-byte header) and what is said in it. */
export function sample(name: string): { audio: Float32Array; text: string; language: string } {
  const wav = readFileSync(path.join(root, "samples", `${name}.wav`));
  const audio = Float32Array.from({ length: (wav.length - 44) / 2 }, (_, i) => wav.readInt16LE(44 + 2 * i) / 32_768);
  const { text, lang } = transcripts[`${name}.wav`]!;
  return { audio, text, language: lang };
}

export const seconds = (audio: Float32Array): number => audio.length / 16_000;

/** `audio` over and over until it is `seconds` long. */
export function repeated(audio: Float32Array, length: number): Float32Array {
  return Float32Array.from({ length: length * 16_000 }, (_, i) => audio[i % audio.length]!);
}

/** Case and punctuation aside, as word error rates are counted. */
export const folded = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} ]/gu, "")
    .trim();

export interface LogEntry {
  level: LogLevel;
  fields: Record<string, unknown>;
  message: string;
}

/** A log that remembers. */
export function memoryLog(): Log & { entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const at = (level: LogLevel) => (fields: object, message: string) => {
    entries.push({ level, fields: fields as Record<string, unknown>, message });
  };
  return { entries, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/**
 * Builds the inference worker where no build has put a fresh one. Bundles core, so that this needs no other build first.
 */
export async function ensureWorker(): Promise<void> {
  const sources = path.join(server, "src", "engines", "whisper");
  const newest = Math.max(...readdirSync(sources).map((file) => statSync(path.join(sources, file)).mtimeMs));
  const built = statSync(workerFile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built >= newest) return;

  mkdirSync(path.dirname(workerFile), { recursive: true });
  await bundle("worker.ts", workerFile);
}

/** Bundles a file of the Whisper engine, with core, for a process of its own. */
export async function bundle(source: string, target: string): Promise<void> {
  const stage = `${target}.${process.pid}`;
  await build({
    config: false,
    entry: { out: path.join(server, "src", "engines", "whisper", source) },
    outDir: stage,
    format: ["esm"],
    target: "es2022",
    silent: true,
    noExternal: ["@stt/core"],
    esbuildOptions: (options) => {
      options.alias = { "@stt/core": path.join(root, "packages", "core", "src", "index.ts") };
    },
  });
  renameSync(path.join(stage, "out.js"), target);
  rmSync(stage, { recursive: true });
}
