import { messageOf, SttError } from "@stt/core";
import { listOf } from "@stt/core/config";
import type { Log } from "../observability/log.js";
import { type ApiKey, findByHash, hashOf } from "./api-key.js";
import { readKeyFile } from "./key-file.js";

export interface KeyStoreOptions {
  /** API_KEYS. */
  inline: string;
  /** API_KEYS_FILE; empty is none. */
  file: string;
  log: Log;
}

/** The keys that the server knows. */
export class KeyStore {
  readonly #options: KeyStoreOptions;
  readonly #inline: readonly ApiKey[];
  readonly #listeners = new Set<() => void>();
  #keys: readonly ApiKey[];

  constructor(options: KeyStoreOptions) {
    this.#options = options;
    this.#inline = inlineKeys(options.inline);
    this.#keys = this.#inline;
  }

  get size(): number {
    return this.#keys.length;
  }

  /** Reads the file for the first time. @throws SttError `io_error`, `invalid_config` */
  async open(): Promise<void> {
    const { file, log } = this.#options;
    if (file === "") return;
    this.#use(await readKeyFile(file));
    if (this.size === 0)
      log.warn({ file }, "API_KEYS_FILE holds no key: nobody is let in before `stt-server keys add NAME`");
  }

  /** Reads the file again. One that cannot be used changes nothing, and the log says why. */
  async reload(): Promise<void> {
    const { file, log } = this.#options;
    if (file === "") return;
    try {
      const before = JSON.stringify(this.#keys);
      this.#use(await readKeyFile(file));
      if (JSON.stringify(this.#keys) === before) return;
    } catch (error) {
      log.error({ file, keys: this.size }, `${messageOf(error)} The keys read before stay in force.`);
      return;
    }
    log.info({ file, keys: this.size }, "API keys read again");
    for (const listener of [...this.#listeners]) listener();
  }

  /** All, those of API_KEYS first. */
  list(): { key: ApiKey; isInline: boolean }[] {
    return this.#keys.map((key) => ({ key, isInline: this.#inline.includes(key) }));
  }

  find(key: string): ApiKey | undefined {
    return findByHash(this.#keys, hashOf(key));
  }

  byName(name: string): ApiKey | undefined {
    return this.#keys.find((key) => key.name === name);
  }

  /** Calls back after every change; the returned function ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #use(fromFile: readonly ApiKey[]): void {
    const twice = fromFile.find(({ name }) => this.#inline.some((key) => key.name === name));
    if (twice) {
      throw new SttError("invalid_config", `The key "${twice.name}" is in API_KEYS and in API_KEYS_FILE.`);
    }
    this.#keys = [...this.#inline, ...fromFile];
  }
}

function inlineKeys(text: string): ApiKey[] {
  return listOf(text).map((pair) => {
    const [name = "", key = "", admin] = pair.split(":");
    return { name, hash: hashOf(key), scopes: admin ? ["transcribe", "metrics", "admin"] : ["transcribe"] };
  });
}
