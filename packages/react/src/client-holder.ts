/** The client behind a component: made late, replaced when the options want another one. */
import { createSttClient, type SttClient } from "@stt/client-web";
import { sessionOptionsOf, type TranscriptionOptions } from "./options.js";
import { isActive } from "./state.js";

export class ClientHolder {
  /** The options of the latest render. */
  options: TranscriptionOptions = {};
  /** The client in use, if there is one yet. */
  client: SttClient | undefined;
  #madeOf: TranscriptionOptions = {};
  #session = "{}";
  #unbind: (() => void) | undefined;
  readonly #changed: () => void;

  /** @param changed called when the client's snapshot is another one */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  configure(options: TranscriptionOptions): void {
    this.options = options;
    if (options.client) this.get();
    const session = sessionOptionsOf(options);
    const text = JSON.stringify(session);
    if (text === this.#session) return;
    this.#session = text;
    if (this.client && !this.#madeOf.client) this.client.update(session);
  }

  /** @throws SttError `invalid_argument` for options that make no client */
  get(): SttClient {
    const { options } = this;
    if (this.client && (isActive(this.client.getSnapshot().status) || this.#fits())) return this.client;
    this.#drop();
    this.#madeOf = options;
    const client = options.client ?? this.#make();
    const unsubscribe = client.subscribe(this.#changed);
    // Each by itself, and what it returns given back: none that throws, now or later, keeps another from its text.
    const unlisten = [
      client.on("event", (event) => this.options.onEvent?.(event)),
      client.on("final", ({ text }) => (text === "" ? undefined : this.options.onFinal?.(text))),
      client.on("turn", ({ event, text }) => (event === "end" && text ? this.options.onTurnEnd?.(text) : undefined)),
    ];
    this.#unbind = () => {
      unsubscribe();
      for (const end of unlisten) end();
    };
    this.client = client;
    return client;
  }

  #make(): SttClient {
    const token = async () => {
      // Asked late, so that the latest render's provider answers.
      const { token: latest } = this.options;
      return typeof latest === "function" ? latest() : latest;
    };
    return createSttClient({ ...this.options, token });
  }

  #fits(): boolean {
    const { client, url } = this.options;
    return client === this.#madeOf.client && (client !== undefined || String(url) === String(this.#madeOf.url));
  }

  #drop(): void {
    this.#unbind?.();
    if (!this.#madeOf.client) void this.client?.close();
    this.client = undefined;
  }
}
