import { EventEmitter } from "node:events";
import type { CallEvent } from "./call-events.js";

/** An event, and whose call it is of. */
export interface PublishedCallEvent {
  principal: string;
  event: CallEvent;
}

/** Where the text of calls goes: who calls does not read it, so others subscribe. */
export class CallHub {
  readonly #emitter = new EventEmitter<{ event: [PublishedCallEvent] }>().setMaxListeners(0);

  publish(principal: string, event: CallEvent): void {
    this.#emitter.emit("event", { principal, event });
  }

  /** @returns ends the subscription */
  subscribe(listener: (published: PublishedCallEvent) => void): () => void {
    this.#emitter.on("event", listener);
    return () => void this.#emitter.off("event", listener);
  }
}
