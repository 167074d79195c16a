import { CloseCode, SttError } from "@stt/core";
import type { SessionEvent } from "../../session/events.js";
import type { MessageSocket } from "../socket/message-socket.js";
import { SessionSocket, type SocketContext, type SocketRequest } from "../socket/session-socket.js";
import type { Wire } from "../socket/wire.js";
import { AudioSocketKind, audioSocketMessage, rateOf } from "./audiosocket-framer.js";
import { Call } from "./call.js";
import type { CallHub } from "./call-hub.js";

const HEAD_BYTES = 3;
const ID_BYTES = 16;

/** Asterisk's AudioSocket: one connection, one call. It is told nothing; the text goes to the {@link CallHub}. */
export class AudioSocketConnection implements Wire<Uint8Array> {
  readonly name = "audiosocket";
  readonly outlivesSocket = true;
  readonly encode = (message: Uint8Array): Uint8Array => message;
  readonly #request: SocketRequest;
  readonly #hub: CallHub;
  readonly #socket: SessionSocket<Uint8Array>;
  #id: string | undefined;
  #call: Call | undefined;
  #rate = 0;
  #samples = 0;

  constructor(connection: MessageSocket, request: SocketRequest, context: SocketContext, hub: CallHub) {
    this.#request = request;
    this.#hub = hub;
    this.#socket = new SessionSocket(connection, request, context, this);
  }

  onMessage(message: Buffer): void | Promise<void> {
    const kind = message[0]!;
    const payload = message.subarray(HEAD_BYTES);
    switch (kind) {
      case AudioSocketKind.ID:
        return this.#setId(payload);
      case AudioSocketKind.DTMF:
        return this.#call?.pressed(payload.toString("latin1", 0, 1), Math.round(this.#heardMs));
      case AudioSocketKind.HANGUP:
      case AudioSocketKind.ERROR:
        return this.#hangUp();
      default:
        return this.#onAudio(rateOf(kind)!, payload);
    }
  }

  onEvent(event: SessionEvent): void {
    this.#call?.onEvent(event);
  }

  /** Asterisk goes on in its dialplan. */
  onError(error: SttError): void {
    this.#socket.end(error, CloseCode.PROTOCOL_ERROR);
  }

  /** The protocol has no word for a reason, only one for the end. */
  sendReason(): void {
    this.#socket.send(audioSocketMessage(AudioSocketKind.HANGUP));
  }

  onClose(): void {
    this.#call?.end(this.#heardMs);
  }

  get #heardMs(): number {
    return this.#rate === 0 ? 0 : (this.#samples * 1000) / this.#rate;
  }

  #setId(payload: Buffer): void {
    if (this.#id !== undefined) throw new SttError("invalid_state", "A second call began on one connection.");
    if (payload.length !== ID_BYTES)
      throw new SttError("bad_message", `An id has ${payload.length} bytes, not ${ID_BYTES}.`);
    const hex = payload.toString("hex");
    this.#id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  #onAudio(rate: number, pcm: Buffer): void | Promise<void> {
    if (pcm.length % 2 !== 0) throw new SttError("bad_frame", `${pcm.length} bytes are no whole samples.`);
    if (this.#call && rate === this.#rate) return this.#push(pcm);
    if (this.#call) throw new SttError("bad_frame", "The rate of the audio changed within a call.");
    return this.#open(rate).then(() => this.#push(pcm));
  }

  async #open(rate: number): Promise<void> {
    const id = this.#id;
    if (id === undefined) throw new SttError("audio_before_start", "Audio came before the id of the call.");
    const format = { encoding: "pcm_s16le", sampleRate: rate, channels: 1 } as const;
    if (!(await this.#socket.open({ format, options: { words: true } }))) return;
    this.#rate = rate;
    this.#call = new Call(this.#hub, { id, wire: this.name, principal: this.#request.principal.name });
  }

  #push(pcm: Buffer): void {
    const samples = pcm.length / 2;
    this.#socket.session?.push({ offset: this.#samples, pcm, samples });
    this.#samples += samples;
  }

  #hangUp(): void {
    if (this.#call) this.#socket.stop();
    else this.#socket.close(CloseCode.NORMAL, "done");
  }
}
