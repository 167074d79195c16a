/** The first time: is everything there that dictation needs? Each step says what it found; one that fails, what to do. */
import path from "node:path";
import { type AudioSource, createSttClient, listMicrophones, type SttClient } from "@stt/client-node";
import { doctorTexts, errorSentence, explainMicrophone, fill, LevelMeter, statusLine } from "@stt/client-node/cli";
import { isSttError, type Locale, wordErrorRate } from "@stt/core";
import { TextDocument } from "@stt/core/document";
import { Dictation } from "../dictation.js";
import type { EditorOptions } from "../options.js";
import { openSpeech } from "../speech-source.js";
import type { InputEvent } from "../terminal/input-parser.js";
import { Painter } from "../terminal/painter.js";
import { Terminal } from "../terminal/terminal.js";
import { type Texts, textsOf } from "../texts.js";
import { checkServer, type ServerFacts } from "./server-check.js";
import { type Step, stepLines } from "./steps-view.js";

const ASK_AGAIN_MS = 2000;
/** Of {@link LevelMeter}: a voice at arm's length, not the room. */
const VOICE = 0.5;
/** A microphone that gives no voice for so long is not the right one. */
const SILENCE_MS = 8000;
/** Bars of the level, a tenth of a second each. */
const BARS = 30;
/** More wrong words than these are worth changing something. */
const POOR = 0.34;

/** How it ended. */
export interface FirstRunOutcome {
  /** The editor is to follow. */
  goesOn: boolean;
  /** Name of the microphone that was chosen; undefined for the system's. */
  device: string | undefined;
}

export class FirstRun {
  readonly #options: EditorOptions;
  readonly #locale: Locale;
  readonly #texts: Texts;
  readonly #terminal: Terminal;
  readonly #painter: Painter;
  readonly #client: SttClient;
  readonly #meter = new LevelMeter(BARS, () => this.#onLevel());
  #document = new TextDocument();
  #dictation: Dictation;
  #server: ServerFacts | undefined;
  #names: readonly string[] = [];
  #device: string | undefined;
  /** What records now; undefined while nothing does. */
  #recording: string | undefined;
  #problem: string | undefined;
  #microphoneProblem: string | undefined;
  #hasHeard = false;
  #isSilent = false;
  #silenceTimer: NodeJS.Timeout | undefined;
  #serverTimer: NodeJS.Timeout | undefined;
  #isOver = false;
  #isDrawing = false;
  #leave: (outcome: FirstRunOutcome) => void = () => {};

  constructor(options: EditorOptions, locale: Locale) {
    this.#options = options;
    this.#locale = locale;
    this.#texts = textsOf(locale);
    this.#device = options.preferredDevice;
    this.#terminal = new Terminal(process.stdin, process.stdout, {
      input: (event) => this.#input(event),
      resize: () => this.#resize(),
    });
    this.#painter = new Painter((text) => this.#terminal.write(text));
    // The sentence is in the language of the texts, whatever will be dictated later.
    this.#client = createSttClient({
      url: options.url,
      ...(options.token ? { token: options.token } : {}),
      language: locale,
      reconnect: { initial: true },
    });
    this.#client.subscribe(() => this.#draw());
    this.#dictation = new Dictation(this.#client, this.#document, {
      openSource: () => this.#open(),
      onDrop: () => {},
      onFinal: () => this.#draw(),
      onCommand: () => {},
      onProblem: (error) => this.#fail(error),
    });
    this.#document.onChange(() => this.#draw());
  }

  /** Runs until its user begins to write, skips it or quits. */
  async run(): Promise<FirstRunOutcome> {
    this.#terminal.open();
    this.#resize();
    void this.#askServer();
    void listMicrophones().then(
      (found) => {
        this.#names = found.map(({ name }) => name);
        this.#draw();
      },
      // Opening it says what is wrong.
      () => {},
    );
    this.#dictation.toggle();
    const outcome = await new Promise<FirstRunOutcome>((resolve) => {
      this.#leave = resolve;
    });
    this.close();
    this.#dictation.stop();
    await this.#client.close();
    return outcome;
  }

  /** Leaves the terminal at once. Idempotent. */
  readonly close = (): void => {
    this.#isOver = true;
    clearTimeout(this.#serverTimer);
    clearTimeout(this.#silenceTimer);
    this.#terminal.close();
  };

  #input(event: InputEvent): void {
    if (event.type !== "key" || event.isRepeat) return;
    switch (event.name) {
      case "ctrl+q":
      case "ctrl+c":
        this.#leave({ goesOn: false, device: this.#device });
        return;
      case "escape":
        this.#leave({ goesOn: true, device: this.#device });
        return;
      case "enter":
        if (this.#hasFailed) this.#readAgain();
        else this.#leave({ goesOn: true, device: this.#device });
        return;
      case "f1":
        this.#readAgain();
        return;
      case "up":
      case "down":
        this.#choose(event.name === "up" ? -1 : 1);
    }
  }

  /** The microphones in a circle, with the system's choice among them. */
  #choose(step: number): void {
    if (!this.#canChoose) return;
    const choices = [undefined, ...this.#names];
    const next = choices.indexOf(this.#device) + step;
    this.#device = choices.at(next % choices.length);
    this.#readAgain();
  }

  /** Begins anew: what was heard goes, what failed is tried once more. */
  #readAgain(): void {
    this.#dictation.stop();
    this.#recording = undefined;
    this.#problem = undefined;
    this.#microphoneProblem = undefined;
    this.#hasHeard = false;
    this.#isSilent = false;
    clearTimeout(this.#silenceTimer);
    this.#document.clear();
    this.#meter.clear();
    this.#dictation.toggle();
    this.#draw();
  }

  async #open(): Promise<AudioSource> {
    const { speechFile } = this.#options;
    try {
      const source = await openSpeech({ ...this.#options, preferredDevice: this.#device }, () => {});
      this.#recording = "device" in source ? String(source.device) : path.basename(speechFile ?? "");
      this.#silenceTimer = setTimeout(() => {
        this.#isSilent = true;
        this.#draw();
      }, SILENCE_MS);
      return this.#meter.measure(source);
    } catch (error) {
      const { finding, remedy } = await this.#explain(error);
      this.#microphoneProblem = `${finding.replace(/\.$/, "")}: ${remedy}.`;
      throw error;
    } finally {
      this.#draw();
    }
  }

  async #explain(error: unknown): Promise<{ finding: string; remedy?: string }> {
    const words = doctorTexts(this.#locale);
    const found = await listMicrophones().catch(() => []);
    if (found.length === 0) return { finding: words.noDevices, remedy: words.noDevicesRemedy };
    return explainMicrophone(error, words);
  }

  #fail(error: unknown): void {
    this.#recording = undefined;
    clearTimeout(this.#silenceTimer);
    const isMicrophone = isSttError(error) && error.code === "microphone_unavailable";
    if (isMicrophone) this.#microphoneProblem ??= errorSentence(error, this.#texts);
    else this.#problem = errorSentence(error, this.#texts);
    this.#draw();
  }

  async #askServer(): Promise<void> {
    const facts = await checkServer(this.#options, this.#texts, this.#locale);
    if (this.#isOver) return;
    this.#server = facts;
    this.#draw();
    if (!facts.isFinal) this.#serverTimer = setTimeout(() => void this.#askServer(), ASK_AGAIN_MS);
  }

  #onLevel(): void {
    if (this.#meter.level >= VOICE) {
      this.#hasHeard = true;
      this.#isSilent = false;
      clearTimeout(this.#silenceTimer);
    }
    this.#draw();
  }

  get #hasFailed(): boolean {
    return this.#problem !== undefined || this.#microphoneProblem !== undefined;
  }

  get #canChoose(): boolean {
    return this.#options.speechFile === undefined && this.#options.device === undefined && this.#names.length > 1;
  }

  #steps(): Step[] {
    const texts = this.#texts;
    const server = new URL(this.#options.url).host;
    const model = this.#server?.model;
    return [
      {
        title: texts.firstServer,
        state: model !== undefined ? "done" : this.#server ? "failed" : "busy",
        body: [this.#server?.sentence ?? fill(texts.firstServerBusy, { server })],
      },
      {
        title: texts.firstModel,
        state: model === undefined ? "waiting" : isTestModel(model) ? "warning" : "done",
        body: [
          model === undefined
            ? texts.firstModelWaits
            : isTestModel(model)
              ? fill(texts.firstModelTest, { model })
              : model,
        ],
      },
      this.#microphoneStep(),
      this.#readStep(),
    ];
  }

  #microphoneStep(): Step {
    const texts = this.#texts;
    const title = texts.firstMicrophone;
    if (this.#microphoneProblem !== undefined) return { title, state: "failed", body: [this.#microphoneProblem] };
    if (this.#recording === undefined) return { title, state: "busy", body: [texts.firstMicrophoneBusy] };
    const isSystems = this.#canChoose && this.#device === undefined;
    const name = isSystems ? fill(texts.firstMicrophoneDefault, { name: this.#recording }) : this.#recording;
    const sentence = this.#hasHeard ? texts.firstHeard : this.#isSilent ? texts.firstSilent : texts.firstSaySomething;
    const state = this.#hasHeard ? "done" : this.#isSilent ? "warning" : "busy";
    // The row of the level is there from the beginning: nothing jumps.
    return { title, state, body: [name, String(this.#meter) || "▁", sentence] };
  }

  #readStep(): Step {
    const texts = this.#texts;
    const title = texts.firstRead;
    const sentence = texts.firstSentence;
    if (this.#problem !== undefined) return { title, state: "failed", body: [sentence, this.#problem] };
    const heard = this.#document.text.trim();
    const isReady = this.#server?.model !== undefined && this.#microphoneProblem === undefined;
    if (heard === "" || this.#document.isLive) {
      return { title, state: isReady ? "busy" : "waiting", body: [sentence, heard || texts.firstReadHere] };
    }
    const words = sentence.split(" ").length;
    const { errors } = wordErrorRate(sentence, heard);
    const isPoor = errors / words > POOR;
    const values = { right: Math.max(0, words - errors), words };
    const result = isPoor ? texts.firstPoor : errors === 0 ? texts.firstPerfect : fill(texts.firstGood, values);
    return { title, state: isPoor ? "warning" : "done", body: [sentence, heard, result] };
  }

  #resize(): void {
    this.#painter.reset();
    this.#draw();
  }

  /** Draws once for all that happens at a time. */
  #draw(): void {
    if (this.#isDrawing || this.#isOver) return;
    this.#isDrawing = true;
    setImmediate(() => {
      this.#isDrawing = false;
      const texts = this.#texts;
      const { columns, rows } = this.#terminal;
      const room = { columns, rows: rows - 1 };
      const lines = stepLines(texts.firstTitle, texts.firstText, this.#steps(), room);
      const hints = [
        this.#hasFailed ? texts.firstRetry : texts.firstBegin,
        texts.firstSkip,
        this.#canChoose ? texts.firstOther : "",
        this.#recording === undefined ? "" : texts.firstAgain,
      ];
      const seconds = Math.ceil((this.#client.getSnapshot().reconnect?.nextDelayMs ?? 0) / 1000);
      const facts = { state: this.#dictation.state, seconds, level: "", notice: "", details: hints };
      const status = statusLine(facts, this.#locale, columns);
      this.#painter.paint([...Array.from({ length: room.rows }, (_, i) => lines[i] ?? ""), status], undefined);
    });
  }
}

/** The model that only tests use, by its names in the catalogue. */
function isTestModel(model: string): boolean {
  return /^micro\b/.test(model);
}
