/** The client for Node. */
import { SttClient, type SttClientOptions } from "@stt/core";
import { nodeClock } from "./clock.js";
import { streamUrlFromEnv } from "./server-address.js";
import { wsSocketFactory } from "./ws-socket.js";

/**
 * Makes a client. Nothing is opened before `connect` or `start`.
 *
 * @param options `url` defaults to `ws://SERVER_HOST:DATA_PORT/v1/stream` of the environment.
 * @throws SttError `invalid_argument`, `invalid_config`
 * @example
 * const client = createSttClient({ url: "ws://localhost:8012", language: "en" });
 * const text = await client.transcribe(await fileSource("speech.wav"));
 * await client.close();
 */
export function createSttClient(options: SttClientOptions = {}): SttClient {
  return new SttClient({
    ...options,
    url: options.url ?? streamUrlFromEnv(),
    socketFactory: options.socketFactory ?? wsSocketFactory,
    clock: options.clock ?? nodeClock,
  });
}
