/** The one sentence that an operator should read first, as data: how this server stands, and what to do about it. */
import type { EngineInfo } from "@stt/core";
import { type Config, EMBEDDED_MODEL, TEST_MODEL } from "@stt/core/config";
import type { GpuStatus } from "../machine/gpus.js";
import { lighterModels, timeShare } from "../models/choose-model.js";
import type { RecentFigures } from "../observability/sampler.js";
import type { ServerLoad } from "../observability/server-load.js";
import { speakersAtOnce } from "../scheduler/capacity.js";
import type { SchedulerLoad } from "../scheduler/load-meter.js";
import { THRESHOLDS } from "./thresholds.js";

/** How it stands, the most pressing first: the first that is true is told. */
export const VERDICTS = [
  /** About to end. */
  "draining",
  /** Models load, or something failed; the load says what. */
  "not_ready",
  /** It runs, and writes nothing of use. */
  "test_model",
  /** Newcomers found no place lately: the machine is full of speech. */
  "refusing",
  /** The same, by MAX_SESSIONS alone: the machine has room. */
  "refusing_by_limit",
  /** Even one speaker is more than this machine decodes in time. */
  "too_slow",
  /** More people speak than it holds, or finals come far too late. */
  "over",
  /** There is a GPU, and the model runs on the CPU. */
  "gpu_unused",
  /** A GPU was asked for, and there is none. */
  "gpu_missing",
  /** Nearly as many speak as it holds. */
  "near",
  /** Nearly as many sessions are open as MAX_SESSIONS allows: the machine has room. */
  "near_limit",
  /** There is room, and finals come late all the same. */
  "late",
  "comfortable",
  "idle",
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What can be done about it, the likeliest first. */
export type Remedy =
  /** Finals with another model, with which so many could speak at once. */
  | { do: "use_model"; model: string; speakers: number | null }
  /** A variable that can be changed now. */
  | { do: "change"; variable: string; value: string }
  /** A variable that takes a restart. */
  | { do: "restart_with"; variable: string; value: string }
  /** A build that knows the GPU. */
  | { do: "build_for_gpu" }
  | { do: "add_server" };

export interface Advice {
  verdict: Verdict;
  /** People who are speaking now; files count not, since they can wait. */
  speaking: number;
  /** How many may speak at once with this model; null while nothing was measured. */
  speakers: number | null;
  /** From the endpoint to the final in the last two minutes, 95th percentile and longest, milliseconds. */
  finalP95Ms: number | null;
  finalWorstMs: number | null;
  /** Sessions refused for want of a place in the last ten minutes. */
  refused: number;
  /** MAX_SESSIONS; 0 is none. */
  maxSessions: number;
  /** The GPU that stands idle. */
  gpu?: string;
  remedies: Remedy[];
}

export interface AdviceFacts {
  draining: boolean;
  load: ServerLoad;
  /** People whose audio comes as they speak. */
  liveSpeakers: number;
  /** Undefined while models load. */
  scheduler: SchedulerLoad | undefined;
  /** The engine of finals; undefined while it loads. */
  engine: Pick<EngineInfo, "name" | "model" | "requestedDevice" | "actualDevice"> | undefined;
  /** Whether its model can be changed. */
  switchesModels: boolean;
  gpus: readonly Pick<GpuStatus, "name">[];
  config: Pick<Config, "maxSessions" | "device">;
  recent: RecentFigures;
}

const NEARLY_FULL = THRESHOLDS.load.busy;
const { busy: LATE_MS, bad: FAR_TOO_LATE_MS } = THRESHOLDS.finalLatencyMs;

export function adviseOn(facts: AdviceFacts): Advice {
  const { liveSpeakers, recent, config, gpus } = facts;
  const verdict = verdictOn(facts);
  return {
    verdict,
    speaking: liveSpeakers,
    speakers: wholeSpeakers(facts),
    ...recent,
    maxSessions: config.maxSessions,
    ...(verdict === "gpu_unused" ? { gpu: gpus[0]!.name } : {}),
    remedies: remediesFor(verdict, facts),
  };
}

function verdictOn(facts: AdviceFacts): Verdict {
  const { draining, load, engine, recent, liveSpeakers, config, gpus } = facts;
  if (draining) return "draining";
  if (!load.ready || !engine) return "not_ready";
  if (engine.model === TEST_MODEL) return "test_model";
  const speakers = wholeSpeakers(facts) ?? Number.POSITIVE_INFINITY;
  // Without the limit on sessions, which is a matter of counting and not of this machine.
  const machineLoad = Math.max(liveSpeakers / Math.max(1, speakers), facts.scheduler?.busy ?? 0);
  const isLimited = config.maxSessions > 0 && machineLoad < NEARLY_FULL;
  if (recent.refused > 0) return isLimited ? "refusing_by_limit" : "refusing";
  if (speakers < 1) return "too_slow";
  if (liveSpeakers > speakers || (recent.finalP95Ms ?? 0) >= FAR_TOO_LATE_MS) return "over";
  if (isOnCpu(facts)) {
    // DEVICE=cpu is somebody's will; it is questioned when the CPU does not do.
    if (gpus.length > 0 && config.device !== "cpu") return "gpu_unused";
    if (config.device === "cuda") return "gpu_missing";
  }
  if (load.load >= NEARLY_FULL) return isLimited ? "near_limit" : "near";
  if ((recent.finalP95Ms ?? 0) >= LATE_MS) return "late";
  return liveSpeakers === 0 ? "idle" : "comfortable";
}

function remediesFor(verdict: Verdict, facts: AdviceFacts): Remedy[] {
  switch (verdict) {
    case "test_model":
      return facts.switchesModels ? [{ do: "use_model", model: EMBEDDED_MODEL, speakers: null }] : [];
    case "refusing_by_limit":
    case "near_limit":
      return [{ do: "change", variable: "MAX_SESSIONS", value: "0" }];
    case "refusing":
    case "over":
    case "near":
      return [...unusedGpu(facts), ...lighterModel(facts), { do: "add_server" }];
    case "too_slow":
    case "late":
      return [...unusedGpu(facts), ...lighterModel(facts)];
    case "gpu_unused":
      return unusedGpu(facts);
    case "gpu_missing":
      return [{ do: "restart_with", variable: "DEVICE", value: "auto" }];
    default:
      return [];
  }
}

/** Whether whisper.cpp computes on the processor. */
function isOnCpu({ engine }: AdviceFacts): boolean {
  return engine?.name === "whisper.cpp" && engine.actualDevice === "cpu";
}

function unusedGpu(facts: AdviceFacts): Remedy[] {
  if (facts.gpus.length === 0 || !isOnCpu(facts)) return [];
  return facts.config.device === "cpu"
    ? [{ do: "restart_with", variable: "DEVICE", value: "auto" }]
    : [{ do: "build_for_gpu" }];
}

/** The best one with which all who speak now, and one more, would be served in time; or the lightest. */
function lighterModel(facts: AdviceFacts): Remedy[] {
  const speakers = speakersOf(facts);
  if (!facts.switchesModels || !facts.engine || speakers === null) return [];
  const present = facts.engine.model;
  const choices = lighterModels(present).map((name) => ({
    name,
    speakers: Math.floor(speakers / timeShare(name, present)!),
  }));
  const choice = choices.find((each) => each.speakers > facts.liveSpeakers) ?? choices.at(-1);
  return choice ? [{ do: "use_model", model: choice.name, speakers: Math.max(1, choice.speakers) }] : [];
}

/** Not rounded: less than one is a machine that is too slow. Null while nothing was measured. */
function speakersOf({ scheduler }: AdviceFacts): number | null {
  const speakers = scheduler ? speakersAtOnce(scheduler) : Number.POSITIVE_INFINITY;
  return Number.isFinite(speakers) ? speakers : null;
}

function wholeSpeakers(facts: AdviceFacts): number | null {
  const speakers = speakersOf(facts);
  return speakers === null ? null : Math.floor(speakers);
}
