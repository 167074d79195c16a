import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIP } from "node:net";
import { SttError } from "@stt/core";

/** Who is really calling when a reverse proxy stands between. */
export class TrustedProxies {
  readonly #proxies = new BlockList();
  readonly #any: boolean;

  /**
   * @param networks addresses, or networks such as `10.0.0.0/8`.
   * @throws SttError `invalid_config`
   */
  constructor(networks: readonly string[]) {
    this.#any = networks.length > 0;
    for (const network of networks) {
      const [address = "", prefix] = network.split("/");
      try {
        if (prefix === undefined) this.#proxies.addAddress(address, familyOf(address));
        else this.#proxies.addSubnet(address, Number(prefix), familyOf(address));
      } catch (cause) {
        throw new SttError("invalid_config", `TRUSTED_PROXIES: ${network} is not an address or network.`, { cause });
      }
    }
  }

  /** Whether an address is one of the proxies. */
  has(address: string): boolean {
    const plain = plainAddress(address);
    return this.#any && isIP(plain) > 0 && this.#proxies.check(plain, familyOf(plain));
  }

  /**
   * The address of the caller: the peer's own, or where that is a trusted proxy the last in `X-Forwarded-For` that is none.
   * What stands further left in it may be the caller's invention.
   *
   * @param peer address of the socket's other end.
   */
  clientOf(peer: string, headers: IncomingHttpHeaders): string {
    let address = plainAddress(peer);
    const forwarded = headers["x-forwarded-for"];
    if (forwarded === undefined || !this.has(address)) return address;
    const hops = (Array.isArray(forwarded) ? forwarded.join() : forwarded).split(",").reverse();
    for (const hop of hops) {
      const next = plainAddress(hop.trim());
      if (isIP(next) === 0) return address;
      address = next;
      if (!this.has(address)) return address;
    }
    return address;
  }
}

/** An IPv4 address that came in by an IPv6 socket is the same address. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return address.includes(":") ? "ipv6" : "ipv4";
}
