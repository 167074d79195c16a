import path from "node:path";
import { SttError, type TranscriptionEngine } from "@stt/core";
import { checkModelFile } from "../../models/model-file.js";
import { silentLog } from "../../observability/log.js";
import type { WhisperEngineOptions } from "./options.js";
import { SupervisedEngine, type SupervisedEngineOptions } from "./supervised-engine.js";
import { WhisperEngine } from "./whisper-engine.js";

/** Options of {@link createWhisperEngine}. */
export interface CreateWhisperEngineOptions
  extends Omit<WhisperEngineOptions, "log">,
    Pick<SupervisedEngineOptions, "jobTimeoutMs" | "restartDelayMs" | "maxRestartDelayMs"> {
  /**
   * Where inference runs. `process` survives native crashes; `in-process` saves a process, for small programs and tests.
   * @default "process"
   */
  isolation?: "process" | "in-process";
  /** @default nothing is logged */
  log?: WhisperEngineOptions["log"];
}

/**
 * Opens a Whisper model in ggml format with whisper.cpp.
 *
 * `info.actualDevice` tells whether a requested GPU is really used: without one, or without a build for it, the CPU serves.
 *
 * @throws SttError `model_not_found`, `bad_model`, `io_error`, `native_unavailable`, `invalid_argument` or `engine_failed`
 * @example
 * const engine = await createWhisperEngine({ modelPath: "ggml-base.bin", modelName: "base", device: "auto" });
 * const { text } = await engine.transcribe(samples, { language: "auto" });
 * await engine.close();
 */
export async function createWhisperEngine(options: CreateWhisperEngineOptions): Promise<TranscriptionEngine> {
  const { isolation = "process", ...rest } = options;
  const opened = { ...rest, modelPath: path.resolve(options.modelPath), log: options.log ?? silentLog };
  if (isolation === "in-process") return WhisperEngine.open(opened);
  if (isolation !== "process") {
    throw new SttError("invalid_argument", `The option isolation is "${isolation}"; pass "process" or "in-process".`);
  }
  // The common mistakes are told without starting a process.
  await checkModelFile(opened.modelPath);
  return SupervisedEngine.open(opened);
}
