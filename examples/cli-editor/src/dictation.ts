import type { AudioSource, ClientEvent, SttClient } from "@stt/client-node";
import { isSttError, type StateKey, stateKeyOf } from "@stt/core";
import type { TextDocument } from "@stt/core/document";
import { Take } from "./take.js";

/** As much as a client keeps of what a server has not taken, milliseconds. */
const KEEP_MS = 120_000;

/** What dictation needs of the program around it. */
export interface DictationHandlers {
  /** Opens a microphone, or what takes its place; it records from then on. */
  openSource(): Promise<AudioSource>;
  /** Sound was lost, milliseconds. */
  onDrop(ms: number): void;
  /** A sentence is finished. */
  onFinal(text: string): void;
  /** A command was spoken. @param name as the protocol has it @param text as it was said */
  onCommand(name: string, text: string): void;
  /** The recording is over, for a reason that its user has to know. */
  onProblem(error: unknown): void;
}

/** Speech into a document: one recording after the other, whatever becomes of the server. */
export class Dictation {
  /** In the order of speech; the first is with the server, the others wait for it to be written. */
  readonly #takes: Take[] = [];
  /** The one that is being spoken into. */
  #current: Take | undefined;
  #work: Promise<void> | undefined;
  #failure: unknown;
  readonly #spoken: number[] = [];
  readonly #client: SttClient;
  readonly #document: TextDocument;
  readonly #handlers: DictationHandlers;

  constructor(client: SttClient, document: TextDocument, handlers: DictationHandlers) {
    this.#client = client;
    this.#document = document;
    this.#handlers = handlers;
    client.on("event", (event) => this.#hear(event));
  }

  /** Whether a recording runs, or what was said in it is still awaited. */
  get isActive(): boolean {
    return this.#takes.length > 0;
  }

  /** Whether something is being spoken into it now. */
  get isRecording(): boolean {
    return this.#current !== undefined;
  }

  get state(): StateKey {
    // The microphone is open, though the server is busy with what was said before.
    if (this.#current && this.#takes[0] !== this.#current) return "listening";
    const state = stateKeyOf(this.#client.getSnapshot());
    if (this.isActive || this.#failure === undefined) return state;
    if (!isSttError(this.#failure) || this.#failure.code !== "microphone_unavailable") return "failed";
    return "no_microphone";
  }

  /** Utterances that are written, the latest last. */
  get spoken(): readonly number[] {
    return this.#spoken;
  }

  /** Ends the recording, if one runs. */
  stop(): void {
    this.#current?.end();
    this.#current = undefined;
  }

  /** Begins or ends a recording. A new one may begin while the last one is still being written. */
  toggle(): void {
    this.#failure = undefined;
    if (this.#current) {
      this.stop();
      return;
    }
    const { openSource, onDrop } = this.#handlers;
    const take = new Take(openSource, KEEP_MS, onDrop);
    this.#current = take;
    void take.over.then(
      () => this.#ended(take),
      () => this.#ended(take),
    );
    this.#takes.push(take);
    this.#work ??= this.#playAll();
  }

  /** Ends the recording and waits for the last words, but no longer than `timeoutMs`. */
  async finish(timeoutMs: number): Promise<void> {
    this.#current?.end();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.#work, timeout]);
    clearTimeout(timer);
    this.#document.settle();
  }

  async #playAll(): Promise<void> {
    for (let take = this.#takes[0]; take; take = this.#takes[0]) {
      try {
        await this.#play(take);
      } catch (error) {
        this.#failure = error;
        this.#handlers.onProblem(error);
      }
      this.#takes.shift();
      this.#document.settle();
    }
    this.#work = undefined;
  }

  async #play(take: Take): Promise<void> {
    const source = await take.source;
    if (!source) return;
    // It is not waited for: what is said before the server is ready is kept for it.
    this.#client.start(source, { live: true }).catch((error: unknown) => take.fail(error));
    await take.over;
    await this.#client.stop({ drain: false });
  }

  #ended(take: Take): void {
    if (this.#current === take) this.#current = undefined;
  }

  #hear(event: ClientEvent): void {
    switch (event.type) {
      case "speech_start":
        this.#document.begin(event.utterance);
        return;
      case "partial":
        this.#document.update(event.utterance, event);
        return;
      case "final":
        this.#document.finish(event.utterance, event);
        this.#spoken.push(event.utterance);
        if (event.text.trim() !== "") this.#handlers.onFinal(event.text.trim());
        return;
      case "command":
        this.#handlers.onCommand(event.command, event.text);
        return;
      case "status":
        if (event.status === "failed") this.#takes[0]?.fail(this.#client.getSnapshot().error);
        return;
      default:
        return;
    }
  }
}
