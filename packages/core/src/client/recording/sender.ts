/** Moves audio from a replay queue to a connection, no faster than network and server take it. */

import { bytesPerFrame } from "../../audio/source.js";
import type { Clock } from "../../clock.js";
import { AUDIO_FRAME_HEADER_BYTES } from "../../protocol/audio-frame.js";
import type { ServerMessageOf } from "../../protocol/messages.js";
import type { Connection } from "../connection/connection.js";
import { type Deferred, deferred } from "../deferred.js";
import type { ReplayQueue } from "./replay-queue.js";

/** How often a full socket is looked at again: WebSockets have no event for it. */
const POLL_MS = 10;

/** Longest audio of one frame. Shorter frames cost headers, longer ones latency. */
const MAX_FRAME_MS = 250;

export interface SenderOptions {
  clock: Clock;
  /** Sending waits while the socket holds more than this. */
  maxBufferedBytes: number;
  /** The bounded memory has pushed out audio that was never sent: this connection cannot go on. */
  onGap(): void;
}

export class Sender {
  #connection: Connection | undefined;
  #receivedSamples = 0;
  #windowSamples = Number.POSITIVE_INFINITY;
  #maxFrameSamples = 1;
  #paused = false;
  #stopPoll: (() => void) | undefined;
  #roomWaiters: Deferred<void>[] = [];
  readonly #queue: ReplayQueue;
  readonly #options: SenderOptions;

  constructor(queue: ReplayQueue, options: SenderOptions) {
    this.#queue = queue;
    this.#options = options;
  }

  /** A session is ready on this connection. */
  attach(connection: Connection, ready: ServerMessageOf<"ready">): void {
    const { format } = this.#queue;
    const { maxFrameBytes, maxBufferedMs } = ready.limits;
    const fits = Math.floor((maxFrameBytes - AUDIO_FRAME_HEADER_BYTES) / bytesPerFrame(format));
    this.#maxFrameSamples = Math.max(1, Math.min(fits, Math.floor((format.sampleRate * MAX_FRAME_MS) / 1000)));
    this.#windowSamples =
      maxBufferedMs > 0 ? Math.ceil((format.sampleRate * maxBufferedMs) / 1000) : Number.POSITIVE_INFINITY;
    this.#connection = connection;
    // A server that resumes counts from the first replayed sample, whether or not it says so.
    this.#receivedSamples = Math.max(ready.receivedSamples, this.#queue.firstSample);
    this.#queue.ready(this.#receivedSamples);
    this.pump();
  }

  /** The connection is gone; everything waits. */
  detach(): void {
    this.#connection = undefined;
    this.#queue.disconnected();
    this.#stopPoll?.();
    this.#stopPoll = undefined;
  }

  /** Lets nobody wait for ever. */
  dispose(): void {
    this.detach();
    this.#wakeRoomWaiters();
  }

  /** The server has taken audio up to here. */
  acknowledged(receivedSamples: number): void {
    this.#receivedSamples = Math.max(this.#receivedSamples, receivedSamples);
    this.pump();
  }

  /** While paused, a source that can wait is not pulled. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    this.pump();
  }

  /** Sends what may be sent now. */
  pump(): void {
    const queue = this.#queue;
    while (this.#connection?.inSession) {
      if (queue.hasGap) {
        this.#options.onGap();
        return;
      }
      if (this.#connection.bufferedBytes > this.#options.maxBufferedBytes) {
        this.#pollLater();
        return;
      }
      const item = queue.next(this.#maxFrameSamples, this.#receivedSamples + this.#windowSamples);
      if (!item) break;
      if (item.kind === "audio") this.#connection.sendAudio(item.offset, item.pcm);
      else this.#connection.send(item.message);
    }
    if (this.#hasRoom) this.#wakeRoomWaiters();
  }

  /** Resolves when the next chunk of a source that can wait should be pulled; also when `signal` fires. */
  async room(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.#hasRoom) {
      const waiter = deferred<void>();
      this.#roomWaiters.push(waiter);
      const wake = () => waiter.resolve();
      signal.addEventListener("abort", wake, { once: true });
      await waiter.promise;
      signal.removeEventListener("abort", wake);
    }
  }

  get #hasRoom(): boolean {
    return this.#connection?.inSession === true && !this.#paused && this.#queue.unsentSamples === 0;
  }

  #wakeRoomWaiters(): void {
    for (const waiter of this.#roomWaiters.splice(0)) waiter.resolve();
  }

  #pollLater(): void {
    this.#stopPoll ??= this.#options.clock.setTimer(POLL_MS, () => {
      this.#stopPoll = undefined;
      this.pump();
    });
  }
}
