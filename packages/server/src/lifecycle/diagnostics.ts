import type { EngineInfo, EngineMemory } from "@stt/core";
import { type Beams, beamsFor, type Config } from "@stt/core/config";
import type { GpuStatus } from "../machine/gpus.js";
import type { BoundPorts } from "./listeners.js";

/** What an operator wants to know of a server that has just started. */
export interface Diagnostics {
  gpus: GpuStatus[];
  final: EngineInfo;
  partial: EngineInfo;
  config: Config;
  ports: BoundPorts;
  lanes: number;
  memoryBefore: EngineMemory;
  memoryAfter: EngineMemory;
  /** Every GPU once the models are loaded; `gpus` is what was there before. */
  gpusAfter?: readonly GpuStatus[];
}

const RULE = "=".repeat(50);
const MIB = 1024 * 1024;

/** Whether the engine runs elsewhere than it was told to, in the words that operators grep for; undefined when it does not. */
export function deviceFallback(info: EngineInfo): string | undefined {
  const { requestedDevice, actualDevice } = info;
  return requestedDevice === "auto" || requestedDevice === actualDevice
    ? undefined
    : `DEVICE FALLBACK: ${requestedDevice} -> ${actualDevice}`;
}

/** The start-up block, one line each. */
export function diagnosticLines(d: Diagnostics): string[] {
  const { config, final, partial, ports } = d;
  const lines = ["STT SERVER CONFIGURATION", RULE, "GPU STATUS:"];
  lines.push(`  CUDA Available: ${yes(final.actualDevice === "cuda" || d.gpus.length > 0)}`);
  lines.push(`  GPU Devices Count: ${d.gpus.length}`);
  d.gpus.forEach((gpu, i) => {
    lines.push(`  GPU ${i}: ${gpu.name} (${gib(gpu.totalMiB)})`);
    lines.push(`  GPU ${i} Memory - Used: ${gib(gpu.usedMiB)}, Free: ${gib(gpu.freeMiB)}`);
  });
  lines.push(
    "MODEL SETTINGS:",
    `  Whisper Model: ${final.model}`,
    `  Realtime Model: ${config.enableRealtimeTranscription ? partial.model : "off"}`,
    `  Language: ${config.language}`,
    `  Engine: ${final.name} (${config.engineIsolation})`,
    `  Configured Device: ${final.requestedDevice}`,
    `  Actual Device: ${final.actualDevice}`,
  );
  const fallback = deviceFallback(final);
  if (fallback) {
    lines.push(`  WARNING: Device fallback from ${final.requestedDevice} to ${final.actualDevice}`, `  ${fallback}`);
  }
  lines.push(
    "NETWORK SETTINGS:",
    `  Address: ${ports.host}`,
    `  Control Port: ${ports.controlPort}`,
    `  Data Port: ${ports.dataPort}`,
    "VAD SETTINGS:",
    `  Silero Sensitivity: ${config.sileroSensitivity}`,
    `  WebRTC Sensitivity: ${config.webrtcSensitivity}`,
    `  Post Speech Silence: ${config.postSpeechSilenceDurationMs / 1000} s`,
    `  Min Length Of Recording: ${config.minLengthOfRecordingMs / 1000} s`,
    "QUALITY SETTINGS:",
    `  Beam Size: ${beams(config.beamSize, beamsFor(config.beamSize, "final", final.actualDevice))}`,
    `  Beam Size Realtime: ${beams(config.beamSizeRealtime, beamsFor(config.beamSizeRealtime, "live", partial.actualDevice))}`,
    `  Initial Prompt: ${config.initialPrompt === "" ? "none" : JSON.stringify(config.initialPrompt)}`,
    `  Inference Lanes: ${d.lanes}`,
    "MEMORY:",
    `  Before Loading: ${memory(d.memoryBefore)}`,
    `  After Loading: ${memory(d.memoryAfter)}`,
    ...(d.gpusAfter ?? []).map(
      (gpu, i) => `  GPU ${i} After Loading - Used: ${gib(gpu.usedMiB)}, Free: ${gib(gpu.freeMiB)}`,
    ),
    RULE,
  );
  return lines;
}

function memory({ rssBytes, gpuFreeBytes, gpuTotalBytes }: EngineMemory): string {
  const parts: string[] = [];
  if (rssBytes !== undefined) parts.push(`RAM ${Math.round(rssBytes / MIB)} MB`);
  if (gpuFreeBytes !== undefined && gpuTotalBytes !== undefined) {
    parts.push(`GPU ${Math.round((gpuTotalBytes - gpuFreeBytes) / MIB)} of ${Math.round(gpuTotalBytes / MIB)} MB`);
  }
  return parts.length > 0 ? parts.join(", ") : "unknown";
}

function gib(mib: number): string {
  return `${(mib / 1024).toFixed(1)} GB`;
}

/** What `auto` came to is said. */
function beams(asked: Beams, used: number): string {
  return asked === "auto" ? `${used} (auto)` : String(used);
}

function yes(value: boolean): string {
  return value ? "True" : "False";
}
