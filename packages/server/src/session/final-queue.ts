import { isSttError, messageOf, type Transcription } from "@stt/core";
import type { Decoder } from "../decoding/decoder.js";
import type {
  FinalPipeline,
  FinalText,
  LiveSnapshot,
  NoText,
  NoTextRule,
  PartAudio,
  PartText,
} from "../decoding/final-pipeline.js";
import type { LanguageKeeper, LanguageRequest } from "../decoding/language-keeper.js";
import type { Log } from "../observability/log.js";
import type { JobHandle } from "../scheduler/scheduler.js";
import type { Timeline } from "./audio-intake.js";
import type { SessionListener } from "./events.js";
import type { EndedLiveText } from "./live-text.js";
import type { Progress } from "./progress.js";
import { type EndedUtterance, evidenceFrom, type Utterance, type UtterancePart } from "./utterance.js";

/** Characters of a split utterance's text that the next one is told. */
const CONTEXT_CHARACTERS = 200;

export interface FinalQueueOptions {
  decoder: Decoder;
  pipeline: FinalPipeline;
  log: Log;
  language: LanguageKeeper;
  timeline: Timeline;
  progress: Progress;
  emit: SessionListener;
  /** A part of the open utterance has its text. Times are those of its audio on the session's timeline. */
  onPartText(utterance: Utterance, text: Transcription, startMs: number, endMs: number): void;
  /** The end of the text before the first utterance, after a resume. */
  context: string;
}

/** A decode ahead of the endpoint, and the audio it heard: it counts only for exactly that audio. */
interface Speculation {
  readonly handle: JobHandle<Transcription>;
  readonly part: UtterancePart;
  /** Fires when it ends too soon after all. */
  readonly controller: AbortController;
  /** What it came to, where somebody asked before the end. */
  text?: Promise<PartText>;
  /** The final that was told of it. */
  final?: FinalText;
}

/** One utterance on its way to its final. */
interface Pending {
  readonly utterance: Utterance;
  readonly texts: PartText[];
  readonly controller: AbortController;
  /** Why it will have no final after all. */
  cancelled?: NoTextRule;
}

type Task = { pending: Pending } & (
  | { type: "part"; part: UtterancePart; ahead: Speculation | undefined }
  | { type: "end"; ended: EndedUtterance; live: EndedLiveText; told: FinalText | undefined }
);

/**
 * The finals of a session, strictly in the order in which they were spoken: the language and context of each depend on the one
 * before, so the result is the same however fast the audio comes.
 *
 * The parts of a long utterance are decoded as they end, while the speaker goes on. At its end only the last part is missing.
 */
export class FinalQueue {
  readonly #options: FinalQueueOptions;
  readonly #tasks: Task[] = [];
  /** The utterance that is being spoken. */
  #open: Pending | undefined;
  #speculation: Speculation | undefined;
  #running: Task | undefined;
  #draining = false;
  #closed = false;
  #pendingSamples = 0;
  #context: string;
  #count = 0;
  #idle: (() => void)[] = [];

  constructor(options: FinalQueueOptions) {
    this.#options = options;
    this.#context = options.context;
  }

  /** Finals sent so far. */
  get count(): number {
    return this.#count;
  }

  /** The end of the text that an utterance continues which begins now: only after a forced split or a resume is there any. */
  get context(): string {
    return this.#context;
  }

  /** Whether nothing is waiting or being decoded: what is decoded ahead then knows its language and context for certain. */
  get settled(): boolean {
    return this.#tasks.length === 0 && this.#running === undefined;
  }

  /** Audio that waits to be decoded, 16 kHz samples. Asked for with every frame: it is counted, not summed up. */
  get pendingSamples(): number {
    return this.#pendingSamples;
  }

  /** Whether a decode ahead is under way or done for the silence that is being counted. */
  get speculating(): boolean {
    return this.#speculation !== undefined;
  }

  begin(utterance: Utterance): void {
    this.#open = { utterance, texts: [], controller: new AbortController() };
  }

  /**
   * Decodes the part that would end with this silence, before it is known whether it does.
   *
   * @returns the decode, if the time for one has come
   */
  speculate(part: UtterancePart): JobHandle<Transcription> | undefined {
    const pending = this.#open;
    if (!pending || !this.settled) return undefined;
    this.dropSpeculation();
    const { settings } = pending.utterance;
    const request = {
      audio: part.audio,
      settings,
      language: this.#languageFor(pending),
      context: this.#contextFor(pending),
    };
    const handle = this.#options.decoder.final("speculative", request);
    this.#speculation = { handle, part, controller: new AbortController() };
    return handle;
  }

  /**
   * The final of the open utterance, should it end with what is decoded ahead: then this very text is delivered.
   *
   * @param speechEndSample end of the last speech
   * @param live what was written so far
   * @returns undefined where it would have none, or where the utterance went on or ended meanwhile
   */
  async eagerText(speechEndSample: number, live: () => LiveSnapshot): Promise<string | undefined> {
    const pending = this.#open;
    const ahead = this.#speculation;
    if (!pending || !ahead) return undefined;
    ahead.text ??= this.#transcribe(pending, ahead.part, ahead.handle, ahead.controller.signal);
    const text = await ahead.text.catch(() => undefined);
    if (!text || this.#speculation !== ahead) return undefined;
    const final = this.#compose(pending, { ...pending.utterance, speechEndSample }, live(), [text]);
    if (final.text === undefined) return undefined;
    ahead.final = final;
    return final.text || undefined;
  }

  /** Speech goes on: what was decoded ahead ends too soon. */
  dropSpeculation(): void {
    this.#speculation?.controller.abort();
    this.#speculation?.handle.cancel();
    this.#speculation = undefined;
  }

  /** A part of the open utterance is complete; speech goes on behind it. */
  addPart(part: UtterancePart): void {
    if (this.#open) this.#push({ type: "part", pending: this.#open, part, ahead: this.#takeSpeculation(part) });
  }

  /** The open utterance is over. @param part its last one */
  end(ended: EndedUtterance, part: UtterancePart, live: EndedLiveText): void {
    const pending = this.#open;
    if (!pending) return;
    this.#open = undefined;
    const ahead = this.#takeSpeculation(part);
    this.#push({ type: "part", pending, part, ahead });
    this.#push({ type: "end", pending, ended, live, told: ahead?.final });
  }

  /** The open utterance is given up on command. */
  discard(atSample: number, live: EndedLiveText): void {
    const pending = this.#open;
    this.#open = undefined;
    this.dropSpeculation();
    if (!pending) return;
    this.#cancel(pending, "cancelled");
    if (this.settled) this.#options.progress.complete(atSample);
    this.#emitDiscarded(pending.utterance, live, { text: undefined, rule: "cancelled", reason: "on command" });
    this.#options.progress.report();
  }

  /** Gives up all utterances that are over and have no final yet. */
  cancelPending(): void {
    for (const { pending } of [...this.#tasks, ...(this.#running ? [this.#running] : [])]) {
      if (pending !== this.#open) this.#cancel(pending, "cancelled");
    }
  }

  /** Resolves when nothing is pending. */
  async flushed(): Promise<void> {
    if (this.#draining) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** Drops everything. Idempotent. */
  close(): void {
    this.#closed = true;
    this.dropSpeculation();
    this.#open?.controller.abort();
    for (const task of [...this.#tasks.splice(0), ...(this.#running ? [this.#running] : [])]) {
      task.pending.controller.abort();
      if (task.type === "part") task.ahead?.handle.cancel();
    }
  }

  #takeSpeculation({ startSample, endSample }: UtterancePart): Speculation | undefined {
    const ahead = this.#speculation;
    if (ahead?.part.startSample !== startSample || ahead.part.endSample !== endSample) {
      this.dropSpeculation();
      return undefined;
    }
    this.#speculation = undefined;
    return ahead;
  }

  #cancel(pending: Pending, rule: NoTextRule): void {
    pending.cancelled = rule;
    pending.controller.abort();
  }

  #push(task: Task): void {
    if (this.#closed) return;
    this.#tasks.push(task);
    if (task.type === "part") this.#pendingSamples += task.part.audio.length;
    if (!this.#draining) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    for (let task = this.#tasks.shift(); task; task = this.#tasks.shift()) {
      this.#running = task;
      if (task.type === "part") {
        await this.#decode(task.pending, task.part, task.ahead);
        this.#pendingSamples -= task.part.audio.length;
      }
      this.#running = undefined;
      if (task.type === "end" && !this.#closed) this.#deliver(task);
    }
    this.#draining = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  /** Never throws: a part that cannot be decoded costs its utterance, not the session. */
  async #decode(pending: Pending, part: UtterancePart, ahead: Speculation | undefined): Promise<void> {
    const { log, timeline } = this.#options;
    const { utterance, controller } = pending;
    if (pending.cancelled) {
      ahead?.controller.abort();
      ahead?.handle.cancel();
      return;
    }
    try {
      const text = await this.#textOf(pending, part, ahead);
      pending.texts.push(text);
      if (text.transcription && pending === this.#open) {
        this.#options.onPartText(utterance, text.transcription, text.part.startMs, timeline.toMs(part.endSample));
      }
    } catch (error) {
      if (controller.signal.aborted || this.#closed) return;
      log.error({ err: error, utterance: utterance.number }, "a final failed");
      this.#emitFailure(utterance, part, error);
      pending.cancelled ??= "failed";
    }
  }

  async #textOf(pending: Pending, part: UtterancePart, ahead: Speculation | undefined): Promise<PartText> {
    const { signal } = pending.controller;
    if (!ahead?.text) return this.#transcribe(pending, part, ahead?.handle, signal);
    signal.addEventListener("abort", () => ahead.controller.abort(signal.reason), { once: true });
    try {
      return await ahead.text;
    } catch (error) {
      if (signal.aborted) throw error;
      return this.#transcribe(pending, part, undefined, signal);
    }
  }

  #transcribe(
    pending: Pending,
    part: UtterancePart,
    ahead: JobHandle<Transcription> | undefined,
    signal: AbortSignal,
  ): Promise<PartText> {
    const { pipeline, timeline } = this.#options;
    const { audio, startSample } = part;
    const heard: PartAudio = { audio, startMs: timeline.toMs(startSample), evidence: evidenceFrom(part) };
    const { settings } = pending.utterance;
    const [language, context] = [this.#languageFor(pending), this.#contextFor(pending)];
    return pipeline.transcribe({ part: heard, kind: "final", settings, language, context, ahead, signal });
  }

  /** @param more texts of parts that are not over yet */
  #compose(
    pending: Pending,
    ended: Utterance & Pick<EndedUtterance, "speechEndSample"> & Partial<EndedUtterance>,
    live: LiveSnapshot,
    more: readonly PartText[] = [],
  ): FinalText | NoText {
    const failed = pending.cancelled === "failed";
    if (pending.cancelled !== undefined && !failed) {
      return { text: undefined, rule: pending.cancelled, reason: "on command" };
    }
    const { pipeline, timeline } = this.#options;
    return pipeline.compose({
      settings: ended.settings,
      speechStartMs: timeline.toMs(ended.speechSample),
      speechEndMs: timeline.toMs(ended.speechEndSample),
      parts: [...pending.texts, ...more],
      live,
      failed,
      before: ended.context,
      continues: ended.continues ?? false,
      pauses: ended.pauses.map(({ startSample, endSample }) => ({
        startMs: timeline.toMs(startSample),
        endMs: timeline.toMs(endSample),
      })),
    });
  }

  #deliver({ pending, ended, live, told }: Extract<Task, { type: "end" }>): void {
    const { language, timeline, progress, emit } = this.#options;
    const { settings } = ended;
    progress.complete(ended.endSample);
    const final = (pending.cancelled === undefined && told) || this.#compose(pending, ended, live);
    for (const { transcription, part } of pending.texts) {
      if (transcription) language.observe(transcription, part.evidence.speechMs);
    }
    if (final.text === undefined) {
      this.#context = "";
      this.#emitDiscarded(ended, live, final);
      progress.report();
      return;
    }
    // All that the pipeline tells of the text goes out, but for the segments, of which utterances on a wire have one.
    const { segments: _, commands, ...said } = final;
    this.#count += 1;
    this.#context = ended.continues ? final.text.slice(-CONTEXT_CHARACTERS) : "";
    emit({
      type: "final",
      utterance: ended.number,
      startMs: timeline.toMs(ended.speechSample),
      endMs: timeline.toMs(ended.speechEndSample),
      finalizedSamples: timeline.toInputSample(progress.finalizedSample),
      ...(ended.continues ? { continues: true } : {}),
      ...(settings.language === "auto" && language.hasSettledOn(final.language) ? { languageSettled: true } : {}),
      ...said,
      ...(commands.length > 0 ? { commands } : {}),
    });
    progress.report();
  }

  /** Later parts are decoded in the language that was heard in the first. */
  #languageFor({ utterance, texts }: Pending): LanguageRequest {
    const heard = texts.find(({ transcription }) => transcription !== undefined)?.transcription;
    return heard ? { language: heard.language } : this.#options.language.forUtterance(utterance.settings);
  }

  /** Only the first part is told what was before: within an utterance the text before led models astray more than it helped. */
  #contextFor({ texts }: Pending): string {
    return texts.length === 0 ? this.#context : "";
  }

  #emitFailure(utterance: Utterance, part: UtterancePart, error: unknown): void {
    const { timeline, emit } = this.#options;
    const from = timeline.toMs(part.startSample);
    const to = timeline.toMs(part.endSample);
    const code = isSttError(error) ? error.code : "engine_failed";
    const message = `Utterance ${utterance.number} (${from} to ${to} ms) could not be decoded: ${messageOf(error)}`;
    emit({ type: "error", code, message, fatal: false, utterance: utterance.number });
  }

  #emitDiscarded(utterance: Utterance, live: EndedLiveText, { rule, reason }: NoText): void {
    const { timeline, emit, log } = this.#options;
    const atMs = timeline.toMs(utterance.speechSample);
    log.info({ utterance: utterance.number, atMs, rule, reason }, "an utterance has no text");
    emit({
      type: "discarded",
      utterance: utterance.number,
      rule,
      reason,
      revision: live.revision,
      atMs,
      language: live.language,
    });
  }
}
