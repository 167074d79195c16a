import { SttError } from "@stt/core";
import type { Config } from "@stt/core/config";
import type { Metrics } from "../observability/metrics.js";
import type { Security } from "../security/security.js";
import { deepgramEndpoints } from "./deepgram/deepgram-endpoints.js";
import type { SocketContext } from "./socket/session-socket.js";
import { type TcpEndpoint, TcpListener } from "./tcp/tcp-listener.js";
import { audioSocketEndpoint } from "./telephony/audiosocket-endpoint.js";
import { CallHub } from "./telephony/call-hub.js";
import { CallWebhook } from "./telephony/call-webhook.js";
import { callsEndpoint } from "./telephony/calls-endpoint.js";
import { twilioEndpoint } from "./telephony/twilio-endpoint.js";
import type { WebSocketEndpoint } from "./websocket-endpoint.js";
import { WyomingAnnouncement } from "./wyoming/announcement.js";
import { wyomingEndpoint } from "./wyoming/wyoming-endpoint.js";

export interface ForeignWiresOptions {
  config: Config;
  context: SocketContext;
  security: Security;
  metrics: Metrics;
}

/** The wires of other people's programs, as the configuration switches them on: their WebSockets and their ports. */
export class ForeignWires {
  /** For the ports of all wires. */
  readonly endpoints: readonly WebSocketEndpoint[];
  readonly #options: ForeignWiresOptions;
  readonly #ports: readonly TcpListener[];
  readonly #webhook: CallWebhook | undefined;
  #announcement: WyomingAnnouncement | undefined;

  /** @throws SttError `invalid_config` */
  constructor(options: ForeignWiresOptions) {
    const { config, context, security, metrics } = options;
    const { twilioAuthToken, twilioStreamUrl, telephonyKey, audiosocketPort, callWebhookUrl, callWebhookSecret } =
      config;
    this.#options = options;
    const hub = new CallHub();
    const hasCalls = twilioAuthToken !== "" || audiosocketPort !== 0;
    const twilio = { authToken: twilioAuthToken, streamUrl: twilioStreamUrl, apiKey: telephonyKey };
    this.endpoints = [
      ...(config.deepgramApi ? deepgramEndpoints(context) : []),
      ...(twilioAuthToken !== "" ? [twilioEndpoint(context, hub, twilio)] : []),
      ...(hasCalls ? [callsEndpoint(context, hub)] : []),
    ];
    const ports: TcpEndpoint[] = [];
    if (config.wyomingPort !== 0) {
      ports.push(wyomingEndpoint(context, { port: config.wyomingPort, apiKey: config.wyomingKey }));
    }
    if (audiosocketPort !== 0) {
      ports.push(audioSocketEndpoint(context, hub, { port: audiosocketPort, apiKey: telephonyKey }));
    }
    const { host } = context;
    this.#ports = ports.map((endpoint) => new TcpListener({ endpoint, host, security, metrics }));
    if (callWebhookUrl !== "" && callWebhookSecret === "") {
      throw new SttError(
        "invalid_config",
        "CALL_WEBHOOK_URL needs CALL_WEBHOOK_SECRET: without a signature its receiver could not tell this server from anybody.",
      );
    }
    if (callWebhookUrl !== "" && hasCalls) {
      const { clock, log } = host;
      this.#webhook = new CallWebhook({ hub, url: callWebhookUrl, secret: callWebhookSecret, clock, log, metrics });
    }
  }

  /** Opens the ports. @throws SttError `port_in_use`, `io_error` */
  async listen(): Promise<void> {
    const { config, context } = this.#options;
    for (const port of this.#ports) await port.listen(config.bindHost);
    if (config.wyomingPort !== 0 && config.wyomingZeroconf) {
      this.#announcement = new WyomingAnnouncement("stt-server", config.wyomingPort, context.host.log);
    }
  }

  /** Closes the ports, and sends what is left to be sent of calls. Idempotent. */
  async close(): Promise<void> {
    const announcement = this.#announcement;
    this.#announcement = undefined;
    await announcement?.close();
    await Promise.all(this.#ports.map((port) => port.close()));
    await this.#webhook?.close();
  }
}
