import { SttClient, type SttClientOptions } from "@stt/core";
import { checkOptions } from "@stt/core/callers";
import { webSocketFactory } from "./web-socket.js";

/**
 * Makes a client for the browser. Nothing is opened before `connect` or `start`.
 *
 * @param options `url` defaults to the server that served the page.
 * @throws SttError `invalid_argument`
 */
export function createSttClient(options: SttClientOptions = {}): SttClient {
  checkOptions("createSttClient", options, {});
  return new SttClient({
    ...options,
    url: options.url ?? location.origin,
    socketFactory: options.socketFactory ?? webSocketFactory,
  });
}
