/** The client for Node. */
import { SttClient, type SttClientOptions } from "@stt/core";
import { checkOptions } from "@stt/core/callers";
import { clientSettings } from "./client-settings.js";
import { nodeClock } from "./clock.js";
import { wsSocketFactory } from "./ws-socket.js";

/**
 * Makes a client. Nothing is opened before `connect` or `start`.
 *
 * @param options without `url` the server is the one of SERVER_HOST and DATA_PORT, and the token that of STT_TOKEN.
 * @throws SttError `invalid_argument`, `invalid_config`
 * @example
 * const client = createSttClient({ url: "ws://localhost:8012", language: "en" });
 * const text = await client.transcribe(await fileSource("speech.wav"));
 * await client.close();
 */
export function createSttClient(options: SttClientOptions = {}): SttClient {
  checkOptions("createSttClient", options, {});
  return new SttClient({
    ...(options.url === undefined ? fromEnvironment() : { url: options.url }),
    ...options,
    socketFactory: options.socketFactory ?? wsSocketFactory,
    clock: options.clock ?? nodeClock,
  });
}

function fromEnvironment(): SttClientOptions {
  const { url, token } = clientSettings();
  return token === undefined ? { url } : { url, token };
}
