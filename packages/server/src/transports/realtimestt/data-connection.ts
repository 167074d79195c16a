import { type AudioFormat, CloseCode, ENGINE_SAMPLE_RATE, type SttError } from "@stt/core";
import type { WebSocket } from "ws";
import type { SessionEvent } from "../../session/events.js";
import { SessionSocket } from "../socket/session-socket.js";
import type { Wire } from "../socket/wire.js";
import type { ConnectionRequest } from "../websocket-endpoint.js";
import { decodeDataFrame } from "./data-frame.js";
import { RateAdapter } from "./rate-adapter.js";
import type { RealtimeSttContext } from "./realtimestt-context.js";
import { Recorder } from "./recorder.js";
import { type DataMessage, WireEvents } from "./wire-events.js";

/** The session's own format: whatever rate the client sends is converted before. */
const FORMAT: AudioFormat = { encoding: "pcm_f32le", sampleRate: ENGINE_SAMPLE_RATE, channels: 1 };

/** RealtimeSTT's data socket: audio in, events out, a session of its own. */
export class DataConnection implements Wire<DataMessage> {
  readonly name = "realtimestt";
  readonly encode = JSON.stringify;
  readonly recorder: Recorder;
  readonly #context: RealtimeSttContext;
  readonly #socket: SessionSocket<DataMessage>;
  readonly #events: WireEvents;
  readonly #rate: RateAdapter;
  /** Samples handed to the session. */
  #sent = 0;

  constructor(webSocket: WebSocket, request: ConnectionRequest, context: RealtimeSttContext) {
    const { host } = context;
    this.#context = context;
    this.recorder = new Recorder(
      () => host.defaults(),
      (overrides) => this.#socket.session?.update({}, overrides),
    );
    this.#socket = new SessionSocket(webSocket, request, context, this);
    const maxAudioSamples = Math.round((context.transcriptionAudioMs * ENGINE_SAMPLE_RATE) / 1000);
    this.#events = new WireEvents({ recorder: this.recorder, socket: this.#socket, maxAudioSamples });
    this.#rate = new RateAdapter((samples) => this.#push(samples));
    this.#socket.enqueue(() => this.#open());
  }

  /** Of its session; undefined while models load. */
  get sessionId(): string | undefined {
    return this.#socket.session?.id;
  }

  onMessage(data: Buffer, isBinary: boolean): void {
    // Text means nothing on this socket, as in the original.
    if (isBinary) this.#rate.push(decodeDataFrame(data));
  }

  onEvent(event: SessionEvent): void {
    this.#events.handle(event);
  }

  /** Ends this connection, and only it. 1011 is what the original closes with when it cannot read a frame. */
  onError({ code, message }: SttError): void {
    this.#context.host.log.debug({ code }, message);
    this.#socket.close(code === "capacity" ? CloseCode.TRY_AGAIN_LATER : CloseCode.INTERNAL_ERROR, message);
  }

  /** Ends the recording now: its sentence follows. */
  stop(): void {
    this.#socket.session?.finalize();
  }

  /** Drops the recording and every sentence that is not out yet. */
  abort(): void {
    this.#dropEarly();
    this.#socket.session?.abort();
  }

  /** Drops audio that belongs to no recording yet. */
  clearAudioQueue(): void {
    this.#dropEarly();
    this.#socket.session?.forgetAudio();
  }

  /** Without wake words the server always listens: this only begins the listening anew. */
  wakeup(): void {
    if (this.#socket.session) this.#events.wakeUp();
  }

  async #open(): Promise<void> {
    const opened = await this.#socket.open({ format: FORMAT, options: {} });
    if (!opened) return;
    // What the control socket has set by now.
    opened.session.update({}, this.recorder.overrides);
    this.#events.listen();
  }

  /** In a start-up, models may have to load before a session opens: what came meanwhile waits. */
  #dropEarly(): void {
    if (!this.#socket.session) this.#socket.dropWaiting();
  }

  #push(samples: Float32Array): void {
    const pcm = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    this.#socket.session?.push({ offset: this.#sent, pcm, samples: samples.length });
    this.#sent += samples.length;
  }
}
