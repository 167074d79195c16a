import { SttError } from "@stt/core";
import type { Log } from "../observability/log.js";
import type { Scope } from "./access.js";
import type { ApiKey } from "./api-key.js";
import { addKey, limitKey, revokeKey } from "./key-file.js";
import type { KeyStore } from "./key-store.js";
import type { UsageLedger } from "./usage.js";

/** A key as an operator sees it. */
export interface KeySummary {
  name: string;
  scopes: Scope[];
  /** ISO 8601. */
  created?: string | undefined;
  /** Its own, as far as it has any; 0 is no limit. */
  limits: NonNullable<ApiKey["limits"]>;
  origins: string[];
  /** Of API_KEYS: changed there, with a restart. */
  fixed: boolean;
  /** Open now. */
  sessions: number;
  /** Of today in UTC, since the start of this server. */
  audioMinutesToday: number;
}

export interface KeyManagerOptions {
  /** API_KEYS_FILE; empty is none. */
  file: string;
  store: KeyStore;
  ledger: UsageLedger;
  log: Log;
}

/** Makes, limits and revokes the keys of API_KEYS_FILE while the server runs. Each of it stands in the log, with who did it, and never a key. */
export class KeyManager {
  readonly #options: KeyManagerOptions;

  constructor(options: KeyManagerOptions) {
    this.#options = options;
  }

  /** Whether there is a file to keep keys in. */
  get isPossible(): boolean {
    return this.#options.file !== "";
  }

  list(): KeySummary[] {
    const { store, ledger } = this.#options;
    return store.list().map(({ key, isInline }) => {
      const { name, scopes, created, limits = {}, origins = [] } = key;
      const usage = ledger.find(name);
      return {
        name,
        scopes,
        ...(created === undefined ? {} : { created }),
        limits,
        origins,
        fixed: isInline,
        sessions: usage?.sessions ?? 0,
        audioMinutesToday: Math.round((usage?.audioMs ?? 0) / 6000) / 10,
      };
    });
  }

  /**
   * @param by who asks
   * @returns the key, which is nowhere else
   * @throws SttError `invalid_argument` when the name is taken, `invalid_state` without a file, `io_error`, `invalid_config`
   */
  async add(entry: Pick<ApiKey, "name" | "scopes" | "limits" | "origins">, by: string): Promise<string> {
    const { log, store } = this.#options;
    const file = this.#file();
    if (store.byName(entry.name)) {
      throw new SttError(
        "invalid_argument",
        `There is a key "${entry.name}" already: revoke it first, or take another name.`,
      );
    }
    const key = await addKey(file, entry);
    log.info({ by, key: entry.name, scopes: entry.scopes, ...entry.limits }, "an API key was made");
    await store.reload();
    return key;
  }

  /** See {@link limitKey}. @throws SttError also `invalid_state` for a key of API_KEYS */
  async limit(name: string, limits: NonNullable<ApiKey["limits"]>, by: string): Promise<void> {
    const { log, store } = this.#options;
    await limitKey(this.#fileOf(name), name, limits);
    log.info({ by, key: name, ...limits }, "the limits of an API key were changed");
    await store.reload();
  }

  /**
   * See {@link revokeKey}: its sessions and tokens end at once.
   *
   * @throws SttError also `invalid_state` for a key of API_KEYS, and for the one that asks
   */
  async revoke(name: string, by: string): Promise<void> {
    const { log, store } = this.#options;
    const file = this.#fileOf(name);
    if (name === by) {
      throw new SttError(
        "invalid_state",
        `"${name}" is the key that you came in with: revoke it with another one, or with stt-server keys revoke.`,
      );
    }
    await revokeKey(file, name);
    log.info({ by, key: name }, "an API key was revoked");
    await store.reload();
  }

  #fileOf(name: string): string {
    const found = this.#options.store.list().find(({ key }) => key.name === name);
    if (found?.isInline) {
      throw new SttError("invalid_state", `The key "${name}" is of API_KEYS: change it there, and restart the server.`);
    }
    return this.#file();
  }

  #file(): string {
    const { file } = this.#options;
    if (file === "") {
      throw new SttError("invalid_state", "This server has no file for keys: set API_KEYS_FILE, and restart it.");
    }
    return file;
  }
}
