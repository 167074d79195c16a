import { assertNever, CloseCode, decodeG711, MU_LAW, SttError } from "@stt/core";
import { normalizeLanguageChoice } from "@stt/core/config";
import type { WebSocket } from "ws";
import type { SessionEvent } from "../../session/events.js";
import { SessionSocket, type SocketContext } from "../socket/session-socket.js";
import type { Wire } from "../socket/wire.js";
import type { ConnectionRequest } from "../websocket-endpoint.js";
import { Call } from "./call.js";
import type { CallHub } from "./call-hub.js";
import { readTwilioMessage, type TwilioMessage, type TwilioStart } from "./twilio-messages.js";

const RATE = 8000;
/** A message of 20 ms has some 400 bytes. */
const MAX_MESSAGE_BYTES = 65_536;
/** Of the tracks of a call the caller's is heard. */
const HEARD_TRACK = "inbound";

/** Twilio's Media Streams: one socket, one call. It is told nothing; the text goes to the {@link CallHub}. */
export class TwilioConnection implements Wire<never> {
  readonly name = "twilio";
  readonly sendsAudioAsText = true;
  readonly outlivesSocket = true;
  readonly maxTextBytes = MAX_MESSAGE_BYTES;
  readonly encode: (message: never) => string = JSON.stringify;
  readonly #request: ConnectionRequest;
  readonly #hub: CallHub;
  readonly #socket: SessionSocket<never>;
  #call: Call | undefined;
  #samples = 0;

  constructor(webSocket: WebSocket, request: ConnectionRequest, context: SocketContext, hub: CallHub) {
    this.#request = request;
    this.#hub = hub;
    this.#socket = new SessionSocket(webSocket, request, context, this);
  }

  onMessage(data: Buffer, isBinary: boolean): void | Promise<void> {
    if (isBinary) throw new SttError("bad_message", "A binary message is not understood here.");
    const message = readTwilioMessage(data.toString("utf8"));
    if (message.event !== "media" && !this.#request.guard.countMessage()) return;
    return this.#carryOut(message);
  }

  onEvent(event: SessionEvent): void {
    this.#call?.onEvent(event);
  }

  onError(error: SttError): void {
    this.#socket.end(error, error.code === "capacity" ? CloseCode.TRY_AGAIN_LATER : CloseCode.POLICY_VIOLATION);
  }

  onClose(): void {
    this.#call?.end(this.#heardMs);
  }

  get #heardMs(): number {
    return (this.#samples * 1000) / RATE;
  }

  #carryOut(message: TwilioMessage): void | Promise<void> {
    switch (message.event) {
      case "start":
        return this.#start(message.start);
      case "media":
        return this.#onMedia(message.media);
      case "dtmf":
        this.#call?.pressed(message.dtmf.digit, Math.round(this.#heardMs));
        return;
      case "stop":
        return this.#socket.stop();
      case "connected":
      case "mark":
        return;
      default:
        assertNever(message);
    }
  }

  async #start({ callSid, tracks, customParameters }: TwilioStart): Promise<void> {
    if (this.#call) throw new SttError("invalid_state", "A second call began on one socket.");
    const { language: tag, ...parameters } = customParameters;
    const language = tag === undefined || tag.trim() === "" ? undefined : normalizeLanguageChoice(tag);
    const ignored = tracks.filter((track) => track !== HEARD_TRACK).map((track) => `track ${track}`);
    if (tag && language === undefined) ignored.push(`language ${tag.slice(0, 32)}`);
    const opened = await this.#socket.open({
      format: { encoding: "pcm_s16le", sampleRate: RATE, channels: 1 },
      options: { words: true, ...(language !== undefined && { language }) },
    });
    if (!opened) return;
    const principal = this.#request.principal.name;
    this.#call = new Call(this.#hub, { id: callSid, wire: this.name, principal, parameters, ignored });
  }

  #onMedia({ track, payload }: { track: string; payload: string }): void {
    if (!this.#call) throw new SttError("audio_before_start", "Audio came before the call began.");
    if (track !== HEARD_TRACK) return;
    const pcm = decodeG711(Buffer.from(payload, "base64"), MU_LAW);
    const samples = pcm.length / 2;
    this.#socket.session?.push({ offset: this.#samples, pcm, samples });
    this.#samples += samples;
  }
}
