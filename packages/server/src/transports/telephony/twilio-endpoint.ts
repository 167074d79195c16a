import type { SocketContext } from "../socket/session-socket.js";
import type { WebSocketEndpoint } from "../websocket-endpoint.js";
import type { CallHub } from "./call-hub.js";
import { TwilioConnection } from "./twilio-connection.js";
import { checkTwilioSignature, type TwilioSignatureOptions } from "./twilio-signature.js";

export const TWILIO_PATH = "/v1/twilio";

export interface TwilioOptions extends TwilioSignatureOptions {
  /** The API key that signed calls count as; empty on a server without keys. */
  apiKey: string;
}

/** Twilio's Media Streams at `/v1/twilio`. Twilio can show no key: it signs. */
export function twilioEndpoint(context: SocketContext, hub: CallHub, options: TwilioOptions): WebSocketEndpoint {
  return {
    path: TWILIO_PATH,
    scope: "transcribe",
    opensSession: true,
    maxPayloadBytes: context.maxFrameBytes,
    selectProtocol: () => false,
    credentials: (request) => {
      checkTwilioSignature(request, options);
      return options.apiKey === "" ? {} : { authorization: `Bearer ${options.apiKey}` };
    },
    accept: (socket, request) => {
      new TwilioConnection(socket, request, context, hub);
    },
  };
}
