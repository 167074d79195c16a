import type { AudioSource, ClientEvent, SttClient } from "@stt/client-node";
import { isSttError, type StateKey, stateKeyOf } from "@stt/core";
import type { TextDocument } from "@stt/core/document";

/** What dictation needs of the program around it. */
export interface DictationHandlers {
  /** Opens a microphone, or what takes its place; it records from then on. */
  openSource(): Promise<AudioSource>;
  /** A sentence is finished. */
  onFinal(text: string): void;
  /** The recording is over, for a reason that its user has to know. */
  onProblem(error: unknown): void;
}

/** Speech into a document: one recording after the other, whatever becomes of the server. */
export class Dictation {
  private isWanted = false;
  private isRecording = false;
  private isBusy = false;
  private failure: unknown;

  constructor(
    private readonly client: SttClient,
    private readonly document: TextDocument,
    private readonly handlers: DictationHandlers,
  ) {
    client.on("event", (event) => this.take(event));
  }

  /** Whether a recording runs, or what was said in it is still awaited. */
  get isActive(): boolean {
    return this.isRecording;
  }

  get state(): StateKey {
    const state = stateKeyOf(this.client.getSnapshot());
    if (this.isRecording || this.failure === undefined) return state;
    if (!isSttError(this.failure) || this.failure.code !== "microphone_unavailable") return "failed";
    return "no_microphone";
  }

  /** Begins or ends the recording; pressed again while the last one is still being written, it begins the next one after it. */
  toggle(): void {
    this.isWanted = !this.isWanted;
    this.failure = undefined;
    void this.reconcile();
  }

  /** Ends the recording and waits for the last words, but no longer than `timeoutMs`. */
  async finish(timeoutMs: number): Promise<void> {
    if (!this.isRecording) return;
    this.isWanted = false;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.client.stop({ drain: false }).catch(() => {}), timeout]);
    clearTimeout(timer);
    this.document.settle();
  }

  private async reconcile(): Promise<void> {
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.isWanted !== this.isRecording) {
      try {
        if (this.isWanted) await this.begin();
        else await this.end();
      } catch (error) {
        this.fail(error);
      }
    }
    this.isBusy = false;
  }

  private async begin(): Promise<void> {
    const source = await this.handlers.openSource();
    this.isRecording = true;
    // It is not waited for: what is said before the server is ready is kept for it.
    this.client.start(source, { live: true }).catch((error: unknown) => {
      if (this.isRecording && this.isWanted) this.fail(error);
    });
  }

  private async end(): Promise<void> {
    try {
      await this.client.stop({ drain: false });
    } finally {
      this.isRecording = false;
      this.document.settle();
    }
  }

  private fail(error: unknown): void {
    this.isRecording = false;
    this.isWanted = false;
    this.failure = error;
    this.document.settle();
    this.handlers.onProblem(error);
  }

  private take(event: ClientEvent): void {
    switch (event.type) {
      case "speech_start":
        this.document.begin(event.utterance);
        return;
      case "partial":
        this.document.update(event.utterance, event);
        return;
      case "final":
        this.document.finish(event.utterance, event);
        if (event.text.trim() !== "") this.handlers.onFinal(event.text.trim());
        return;
      case "source_end":
        this.isWanted = false;
        void this.reconcile();
        return;
      case "status":
        if (event.status === "failed" && this.isRecording) this.fail(this.client.getSnapshot().error);
        return;
      default:
        return;
    }
  }
}
