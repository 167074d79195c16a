import { type Device, messageOf, SttError } from "@stt/core";
import { inferenceCores } from "../../machine/inference-cores.js";
import { checkModelFile } from "../../models/model-file.js";
import { loadAddon, type NativeAddon, type NativeModel, type NativeSession } from "./addon.js";
import type { WhisperEngineOptions } from "./options.js";

/** A loaded model with its states. */
export interface OpenedSessions {
  addon: NativeAddon;
  model: NativeModel;
  sessions: NativeSession[];
  device: Device;
  threads: number;
}

/** On a GPU a second call fills the gaps that the first leaves between its kernels; on a CPU it only takes cores away. */
const GPU_CONCURRENCY = 2;

/** Loads the addon, the model and its states; see {@link WhisperEngine.open} for the errors. */
export async function openSessions(options: WhisperEngineOptions): Promise<OpenedSessions> {
  const { modelPath, modelName, device, log } = options;
  const wishes = {
    concurrency: count("concurrency", options.concurrency ?? 0),
    threads: count("threads", options.threads ?? 0),
  };
  await checkModelFile(modelPath);

  const addon = loadAddon({ preferCuda: device !== "cpu" });
  // A portable build says which library it chose for this processor, and why the one for CUDA does not load.
  for (const { level, text } of addon.drainLogs()) log[level]({}, `speech engine: ${text.trim()}`);
  const gpu = device !== "cpu" && addon.devices().some((candidate) => candidate.gpu);
  try {
    return await open(addon, gpu);
  } catch (error) {
    // With "auto" a full GPU is no reason to fail; who asks for cuda wants to know.
    if (!gpu || device !== "auto") throw error;
    log.warn({ model: modelName, error: messageOf(error) }, "the model does not load on the GPU, using the CPU");
    return await open(addon, false);
  }

  async function open(native: NativeAddon, useGpu: boolean): Promise<OpenedSessions> {
    const concurrency = wishes.concurrency || (useGpu ? GPU_CONCURRENCY : 1);
    const threads = wishes.threads || Math.max(1, Math.floor(inferenceCores() / concurrency));
    const sessions: NativeSession[] = [];
    let model: NativeModel | undefined;
    try {
      native.drainLogs();
      const flashAttention = options.flashAttention ?? useGpu;
      model = await native.loadModel(modelPath, { gpu: useGpu, gpuDevice: 0, flashAttention });
      while (sessions.length < concurrency) sessions.push(await model.createSession());
      const backend = sessions[0]!.backend();
      log.debug(
        { model: modelName, backend, threads, concurrency, native: native.drainLogs().map((line) => line.text.trim()) },
        "model loaded",
      );
      return { addon: native, model, sessions, device: useGpu && backend !== "CPU" ? "cuda" : "cpu", threads };
    } catch (error) {
      for (const session of sessions) session.close();
      model?.close();
      const said = native.drainLogs().filter((line) => line.level === "error");
      const detail = said.at(-1)?.text.trim() ?? messageOf(error);
      throw new SttError(
        "engine_failed",
        `The model ${modelName} (${modelPath}) did not load on the ${useGpu ? "GPU" : "CPU"}: ${detail}. Free some memory or choose a smaller model.`,
        { cause: error },
      );
    }
  }
}

function count(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new SttError(
    "invalid_argument",
    `The option ${name} is ${value}; pass a whole number, or 0 to have it chosen.`,
  );
}
