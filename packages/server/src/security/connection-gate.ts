import type { Socket } from "node:net";
import type { Clock } from "@stt/core";
import type { Log } from "../observability/log.js";
import { isLoopbackName } from "./origin-policy.js";
import { RateLimit } from "./rate-limit.js";
import { Tally } from "./tally.js";
import { plainAddress, type TrustedProxies } from "./trusted-proxies.js";

export interface ConnectionGateOptions {
  /** 0 is no limit. */
  maxConnections: number;
  maxConnectionsPerAddress: number;
  proxies: TrustedProxies;
  clock: Clock;
  log: Log;
}

/** Bounds the TCP connections of both listeners, before anything of theirs is read. */
export class ConnectionGate {
  readonly #options: ConnectionGateOptions;
  readonly #perAddress = new Tally();
  readonly #logged: RateLimit;
  #open = 0;

  constructor(options: ConnectionGateOptions) {
    this.#options = options;
    this.#logged = new RateLimit(options.clock, 1, 10);
  }

  /** Connections that are open. */
  get open(): number {
    return this.#open;
  }

  /** Takes a new connection in, or destroys it. */
  admit(socket: Socket): void {
    const { maxConnections, maxConnectionsPerAddress, proxies } = this.#options;
    const address = plainAddress(socket.remoteAddress ?? "");
    if (maxConnections > 0 && this.#open >= maxConnections) {
      this.#drop(socket, address, `All ${maxConnections} connections are in use (MAX_CONNECTIONS).`);
      return;
    }
    const counted = !isLoopbackName(address) && !proxies.has(address);
    const release = counted ? this.#perAddress.take(address, maxConnectionsPerAddress) : () => {};
    if (!release) {
      const bound = `${maxConnectionsPerAddress} connections (MAX_CONNECTIONS_PER_ADDRESS)`;
      this.#drop(socket, address, `${address} has its ${bound}; a reverse proxy belongs into TRUSTED_PROXIES.`);
      return;
    }
    this.#open += 1;
    socket.once("close", () => {
      this.#open -= 1;
      release();
    });
  }

  #drop(socket: Socket, address: string, why: string): void {
    socket.destroy();
    if (this.#logged.take() === 0) this.#options.log.warn({ address }, `a connection was dropped: ${why}`);
  }
}
