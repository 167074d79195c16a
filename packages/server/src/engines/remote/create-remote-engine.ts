import { SttError } from "@stt/core";
import type { Config } from "@stt/core/config";
import { RemoteEngine } from "./remote-engine.js";

/** @throws SttError `invalid_config` without REMOTE_URL; see {@link RemoteEngine.open}. */
export async function createRemoteEngine(config: Config): Promise<RemoteEngine> {
  if (config.remoteUrl === "") {
    throw new SttError(
      "invalid_config",
      "ENGINE=remote needs REMOTE_URL, the base of an OpenAI-compatible API such as http://vllm:8000/v1.",
    );
  }
  return RemoteEngine.open({
    url: config.remoteUrl,
    apiKey: config.remoteApiKey,
    model: config.remoteModel,
    timeoutMs: config.remoteTimeoutMs,
    retries: config.remoteRetries,
    concurrency: config.remoteConcurrency,
  });
}
