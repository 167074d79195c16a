import { type AudioFormat, assertNever, CloseCode, ENGINE_SAMPLE_RATE, isSttError, SttError } from "@stt/core";
import type { WebSocket } from "ws";
import type { SocketGuard } from "../../security/socket-guard.js";
import type { SessionEvent } from "../../session/events.js";
import type { Session } from "../../session/session.js";
import type { SessionOrder } from "../../session/session-client.js";
import type { SessionOrigin } from "../../session/session-host.js";
import type { Visitor } from "../door.js";
import { HoldBack } from "../hold-back.js";
import { Outbox } from "../outbox.js";
import { decodeDataFrame } from "./data-frame.js";
import { RateAdapter } from "./rate-adapter.js";
import type { RealtimeSttContext } from "./realtimestt.js";
import { Recorder } from "./recorder.js";
import { type DataMessage, WireEvents } from "./wire-events.js";

/** The session's own format: whatever rate the client sends is converted before. */
const FORMAT: AudioFormat = { encoding: "pcm_f32le", sampleRate: ENGINE_SAMPLE_RATE, channels: 1 };
/** Most bytes of a close frame's reason. */
const MAX_REASON_BYTES = 123;

/** Serves one data socket: audio in, events out, a session of its own. */
export class DataConnection {
  readonly recorder: Recorder;
  readonly #socket: WebSocket;
  readonly #context: RealtimeSttContext;
  readonly #guard: SocketGuard;
  readonly #outbox: Outbox<DataMessage>;
  readonly #events: WireEvents;
  readonly #rate: RateAdapter;
  readonly #holdBack: HoldBack;
  /** What came before the session was open: in a start-up, models may have to load first. */
  #early: Buffer[] | undefined = [];
  #session: Session | undefined;
  #sent = 0;
  /** The server ends: what was said becomes text, and nothing more is heard. */
  #leaving = false;

  constructor(socket: WebSocket, context: RealtimeSttContext, { principal, address, guard }: Visitor) {
    const { host } = context;
    this.#socket = socket;
    this.#context = context;
    this.#guard = guard;
    this.recorder = new Recorder(
      () => host.defaults(),
      (overrides) => this.#session?.update({}, overrides),
    );
    this.#outbox = new Outbox<DataMessage>(socket, JSON.stringify, context.maxSendBufferBytes, () =>
      this.#close(CloseCode.SLOW_READER, "the client does not read"),
    );
    const maxAudioSamples = Math.round((context.transcriptionAudioMs * ENGINE_SAMPLE_RATE) / 1000);
    this.#events = new WireEvents({ recorder: this.recorder, outbox: this.#outbox, maxAudioSamples });
    this.#rate = new RateAdapter((samples) => this.#push(samples));
    this.#holdBack = new HoldBack(socket, host.clock);
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    socket.on("close", () => this.#dispose());
    // `ws` closes the socket itself after a broken frame; without a listener the process would end.
    socket.on("error", (error) => host.log.info({ err: error }, "a client broke the WebSocket protocol"));
    void this.#open({ wire: "realtimestt", principal: principal.name, address });
  }

  /** Of its session; undefined while models load. */
  get sessionId(): string | undefined {
    return this.#session?.id;
  }

  /** Ends the recording now: its sentence follows. */
  stop(): void {
    this.#session?.finalize();
  }

  /** Drops the recording and every sentence that is not out yet. */
  abort(): void {
    this.#early?.splice(0);
    this.#session?.abort();
  }

  /** Drops audio that belongs to no recording yet. */
  clearAudioQueue(): void {
    this.#early?.splice(0);
    this.#session?.forgetAudio();
  }

  /** Without wake words the server always listens: this only begins the listening anew. */
  wakeup(): void {
    if (this.#session) this.#events.wakeUp();
  }

  async #open(origin: SessionOrigin): Promise<void> {
    // Only what has been read already is kept here; the rest waits in the sender's socket.
    this.#socket.pause();
    const { host } = this.#context;
    try {
      const { session } = await host.open(
        { origin, format: FORMAT, options: {} },
        { onEvent: (event) => this.#onEvent(event), onOrder: (order) => this.#onOrder(order) },
      );
      if (this.#socket.readyState !== this.#socket.OPEN) {
        session.close();
        return;
      }
      this.#session = session;
      // What the control socket has set by now.
      session.update({}, this.recorder.overrides);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    this.#events.listen();
    const early = this.#early ?? [];
    this.#early = undefined;
    this.#socket.resume();
    for (const data of early) this.#onMessage(data, true);
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    // Text means nothing on this socket, as in the original.
    if (!isBinary) this.#guard.countMessage();
    if (!isBinary || this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#early) {
      this.#early.push(data);
      return;
    }
    try {
      const { maxFrameBytes } = this.#context;
      if (data.byteLength > maxFrameBytes) {
        throw new SttError("bad_frame", `Bad frame: ${data.byteLength} bytes; at most ${maxFrameBytes} are taken.`);
      }
      this.#rate.push(decodeDataFrame(data));
      if (this.#session) this.#holdBack.check(this.#session);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #push(samples: Float32Array): void {
    if (this.#leaving) return;
    const pcm = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    this.#session?.push({ offset: this.#sent, pcm, samples: samples.length });
    this.#sent += samples.length;
  }

  #onEvent(event: SessionEvent): void {
    this.#events.handle(event);
    if (event.type === "error" && event.fatal) this.#close(CloseCode.INTERNAL_ERROR, event.code);
    if (event.type !== "end") return;
    if (this.#leaving) this.#close(CloseCode.SERVICE_RESTART, "shutting down");
    else this.#close(CloseCode.NORMAL, "ended");
  }

  #onOrder(order: SessionOrder): void {
    switch (order.type) {
      case "drain":
        // This wire cannot resume: its clients stay until their text is out.
        return;
      case "flush":
        this.#leave();
        return;
      default:
        assertNever(order);
    }
  }

  #leave(): void {
    this.#leaving = true;
    void this.#session?.stop();
  }

  /** Ends this connection, and only it. */
  #refuse(error: unknown): void {
    if (!isSttError(error)) {
      this.#context.host.log.error({ err: error }, "a session failed");
      this.#close(CloseCode.INTERNAL_ERROR, "The server failed to handle this message.");
      return;
    }
    this.#context.host.log.debug({ code: error.code }, error.message);
    // 1011 is what the original closes with when it cannot read a frame.
    this.#close(error.code === "capacity" ? CloseCode.TRY_AGAIN_LATER : CloseCode.INTERNAL_ERROR, error.message);
  }

  #close(code: number, reason: string): void {
    this.#socket.close(code, Buffer.from(reason).subarray(0, MAX_REASON_BYTES));
    // The close frame of the client is still to be read.
    this.#socket.resume();
    this.#dispose();
  }

  #dispose(): void {
    this.#holdBack.dispose();
    this.#outbox.close();
    this.#session?.close();
    this.#session = undefined;
    this.#early = undefined;
  }
}
