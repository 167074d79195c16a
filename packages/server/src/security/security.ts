import { type Clock, CloseCode, messageOf } from "@stt/core";
import { type Config, listOf } from "@stt/core/config";
import type { Log } from "../observability/log.js";
import { type Access, openAccess } from "./access.js";
import { type Certificate, readCertificate } from "./certificate.js";
import { ConnectionGate } from "./connection-gate.js";
import { FileWatch } from "./file-watch.js";
import { KeyAccess } from "./key-access.js";
import { KeyManager } from "./key-manager.js";
import { KeyStore } from "./key-store.js";
import { loggedAccess } from "./logged-access.js";
import { isLoopbackName, OriginPolicy } from "./origin-policy.js";
import { SessionPlaces } from "./session-places.js";
import { SocketGuards } from "./socket-guard.js";
import { TokenSigner } from "./token-signer.js";
import { TrustedProxies } from "./trusted-proxies.js";
import { UsageLedger } from "./usage.js";

const DAY_MS = 86_400_000;
const EXPIRY_NOTICE_MS = 14 * DAY_MS;

/** Every wall of the server, as the configuration wants them. See SECURITY.md. */
export class Security {
  readonly access: Access;
  readonly origins: OriginPolicy;
  readonly proxies: TrustedProxies;
  readonly gate: ConnectionGate;
  readonly places: SessionPlaces;
  readonly guards: SocketGuards;
  readonly tokens: TokenSigner;
  readonly ledger: UsageLedger;
  /** Undefined where something else than the keys of the configuration decides who comes in. */
  readonly keyManager: KeyManager | undefined;
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #keys: KeyStore;
  #certificate: Certificate | undefined;
  #onCertificate: ((certificate: Certificate) => void) | undefined;
  #watch: FileWatch | undefined;

  /**
   * @param access decides instead of the keys of the configuration.
   * @throws SttError `invalid_config`
   */
  constructor(config: Config, clock: Clock, log: Log, access?: Access) {
    this.#config = config;
    this.#clock = clock;
    this.#log = log;
    const keyed = hasKeys(config) || access !== undefined;
    this.#keys = new KeyStore({ inline: config.apiKeys, file: config.apiKeysFile, log });
    this.tokens = new TokenSigner(config.tokenSecret);
    this.ledger = new UsageLedger(clock);
    this.proxies = new TrustedProxies(listOf(config.trustedProxies));
    this.origins = new OriginPolicy({
      allowed: listOf(config.allowedOrigins),
      keyed,
      loopback: isLoopbackName(config.bindHost),
    });
    const keyAccess = () =>
      new KeyAccess({
        keys: this.#keys,
        tokens: this.tokens,
        origins: this.origins,
        ledger: this.ledger,
        limits: {
          sessions: config.keyMaxSessions,
          requestsPerMinute: config.keyRequestsPerMinute,
          audioMinutesPerDay: config.keyAudioMinutesPerDay,
        },
      });
    const chosen = access ?? (keyed ? keyAccess() : openAccess(this.origins));
    this.keyManager = access
      ? undefined
      : new KeyManager({ file: config.apiKeysFile, store: this.#keys, ledger: this.ledger, log });
    this.access = loggedAccess(chosen, log, clock, this.proxies);
    this.gate = new ConnectionGate({ ...config, proxies: this.proxies, clock, log });
    this.places = new SessionPlaces(config.maxSessionsPerAddress);
    this.guards = new SocketGuards({
      clock,
      access: this.access,
      pingIntervalMs: config.pingIntervalMs,
      maxSessionTimeMs: config.maxSessionTimeMs,
      messagesPerSecond: config.maxMessagesPerSecond,
    });
  }

  /** What TLS is spoken with; undefined is none. */
  get certificate(): Certificate | undefined {
    return this.#certificate;
  }

  /**
   * Reads keys and certificate, and from now on again whenever they change.
   *
   * @param onCertificate takes a certificate that replaces the one before.
   * @throws SttError `io_error`, `invalid_config`
   */
  async open(onCertificate: (certificate: Certificate) => void): Promise<void> {
    const { apiKeysFile, tlsCertFile, tlsKeyFile } = this.#config;
    this.#onCertificate = onCertificate;
    await this.#keys.open();
    if (tlsCertFile !== "" || tlsKeyFile !== "") {
      this.#certificate = await readCertificate(tlsCertFile, tlsKeyFile);
      this.#noteExpiry(this.#certificate);
    }
    const paths = [apiKeysFile, tlsCertFile, tlsKeyFile].filter((path) => path !== "");
    if (paths.length === 0) return;
    const onChange = () => void this.reload();
    this.#watch = new FileWatch({ paths, clock: this.#clock, log: this.#log, onChange });
  }

  /** Reads keys and certificate again. What cannot be used leaves the former in force, and the log says why. */
  async reload(): Promise<void> {
    await this.#keys.reload();
    await this.#reloadCertificate();
  }

  /** Notes audio of a principal; when that uses up its day, its connections end. */
  addAudio(principal: string, ms: number): void {
    const error = this.ledger.addAudio(principal, ms);
    if (error) this.guards.endAllOf(principal, error, CloseCode.LIMIT_REACHED);
  }

  close(): void {
    this.#watch?.close();
    this.guards.close();
  }

  async #reloadCertificate(): Promise<void> {
    const before = this.#certificate;
    if (!before) return;
    try {
      const next = await readCertificate(this.#config.tlsCertFile, this.#config.tlsKeyFile);
      if (next.cert === before.cert && next.key === before.key) return;
      this.#certificate = next;
      this.#onCertificate?.(next);
      this.#log.info({ until: new Date(next.expiresAt).toISOString() }, "certificate read again");
      this.#noteExpiry(next);
    } catch (error) {
      this.#log.error({}, `${messageOf(error)} The certificate read before stays in force.`);
    }
  }

  #noteExpiry({ expiresAt }: Certificate): void {
    if (expiresAt - Date.now() > EXPIRY_NOTICE_MS) return;
    const until = new Date(expiresAt).toISOString();
    this.#log.warn({ until }, `The certificate in ${this.#config.tlsCertFile} expires on ${until}.`);
  }
}

/** Whether callers must show a key or token. */
export function hasKeys({ apiKeys, apiKeysFile, tokenSecret }: Config): boolean {
  return apiKeys !== "" || apiKeysFile !== "" || tokenSecret !== "";
}

/** What an operator should know of who can get in, one sentence each; `warn` where it is dangerous. */
export function accessNotices(config: Config): { level: "info" | "warn"; message: string }[] {
  const { bindHost, tlsCertFile, tokenSecret, apiKeys, apiKeysFile } = config;
  const loopback = isLoopbackName(bindHost);
  const howTo = "stt-server keys add NAME, then API_KEYS_FILE; see docs/access.md";
  if (!hasKeys(config)) {
    return loopback
      ? [
          {
            level: "info",
            message: `No API key is configured, so the server listens on ${bindHost} for this machine only. To let others in, make a key (${howTo}) and set BIND_HOST=0.0.0.0.`,
          },
        ]
      : [
          {
            level: "warn",
            message: `NO API KEY: everybody who can reach ${bindHost} can use and change this server. Make a key (${howTo}), or set BIND_HOST=127.0.0.1.`,
          },
        ];
  }
  const notices: { level: "info" | "warn"; message: string }[] = [];
  if (!loopback && tlsCertFile === "") {
    notices.push({
      level: "warn",
      message:
        "Keys and speech cross the network unencrypted: set TLS_CERT_FILE and TLS_KEY_FILE, or end TLS in a reverse proxy.",
    });
  }
  if (tokenSecret === "") {
    notices.push({
      level: "info",
      message:
        "TOKEN_SECRET is not set: tokens are signed with a random secret, good on this server until it restarts.",
    });
  } else if (apiKeys === "" && apiKeysFile === "") {
    notices.push({
      level: "info",
      message: "TOKEN_SECRET without API keys: only tokens that other servers of the fleet sign are taken.",
    });
  }
  return notices;
}
