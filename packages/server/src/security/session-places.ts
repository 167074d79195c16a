import { SttError } from "@stt/core";
import type { Principal } from "./access.js";
import { isLoopbackName } from "./origin-policy.js";
import { Tally } from "./tally.js";

const RETRY_MS = 5000;

/** Bounds how many sessions one key and one address have at the same time. */
export class SessionPlaces {
  readonly #perAddress = new Tally();
  readonly #maxPerAddress: number;

  /** @param maxPerAddress 0 is no limit. */
  constructor(maxPerAddress: number) {
    this.#maxPerAddress = maxPerAddress;
  }

  /**
   * Takes a place.
   *
   * @returns gives it back; further calls do nothing.
   * @throws SttError `rate_limited`
   */
  take({ usage }: Principal, address: string): () => void {
    const counted = this.#maxPerAddress > 0 && !isLoopbackName(address);
    const releaseAddress = counted ? this.#perAddress.take(address, this.#maxPerAddress) : () => {};
    if (!releaseAddress) {
      throw new SttError(
        "rate_limited",
        `The address ${address} has all its sessions open (MAX_SESSIONS_PER_ADDRESS: ${this.#maxPerAddress}). Try again later.`,
        { retryable: true, retryAfterMs: RETRY_MS },
      );
    }
    try {
      const releaseKey = usage?.openSession();
      return () => {
        releaseAddress();
        releaseKey?.();
      };
    } catch (error) {
      releaseAddress();
      throw error;
    }
  }
}
