import { messageOf } from "@stt/core";
import { Bonjour } from "bonjour-service";
import type { Log } from "../../observability/log.js";

/** Tells the local network by Zeroconf (mDNS) where Wyoming is spoken, so that Home Assistant finds it. */
export class WyomingAnnouncement {
  readonly #bonjour: Bonjour;

  /** @param name shown to people who choose among several servers */
  constructor(name: string, port: number, log: Log) {
    const onError = (error: unknown) => log.warn({}, `Zeroconf does not work here: ${messageOf(error)}.`);
    this.#bonjour = new Bonjour({}, onError);
    this.#bonjour.publish({ name, type: "wyoming", protocol: "tcp", port }).on("error", onError);
  }

  /** Withdraws it. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#bonjour.unpublishAll(() => this.#bonjour.destroy(() => resolve()));
    });
  }
}
