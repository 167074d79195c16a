/** The editor: a document, a terminal, a microphone and a server, wired together. */
import path from "node:path";
import type { SttClient } from "@stt/client-node";
import { type Clipboard, errorSentence, LevelMeter, terminalClipboard } from "@stt/client-node/cli";
import { type Locale, messageOf } from "@stt/core";
import type { Environment } from "@stt/core/config";
import { TextDocument } from "@stt/core/document";
import { Dictation } from "./dictation.js";
import { Draft, type KeptDraft, stateFolder } from "./drafts.js";
import { History } from "./history/history.js";
import { applyKey } from "./keymap.js";
import { Mouse } from "./mouse.js";
import type { EditorOptions } from "./options.js";
import { HelpPanel } from "./panels/help-panel.js";
import { HistoryPanel } from "./panels/history-panel.js";
import type { Panel } from "./panels/panel.js";
import { WordsPanel } from "./panels/words-panel.js";
import { openSpeech } from "./speech-source.js";
import { obey } from "./spoken-commands.js";
import { StatusBar } from "./status-bar.js";
import { TalkKey } from "./talk-key.js";
import type { InputEvent } from "./terminal/input-parser.js";
import { Painter } from "./terminal/painter.js";
import { Terminal } from "./terminal/terminal.js";
import { TextView } from "./terminal/text-view.js";
import type { TextFile } from "./text-file.js";
import { textsOf } from "./texts.js";
import type { PersonalWords, Refusal } from "./words/personal-words.js";

/** How long a change may be lost to a power cut. */
const DRAFT_DELAY_MS = 300;
/** How long quitting waits for the last words. */
const LAST_WORDS_MS = 3000;

/** What the editor is made of. */
export interface EditorContext {
  options: EditorOptions;
  env: Environment;
  locale: Locale;
  client: SttClient;
  words: PersonalWords;
  /** The file that was named, if one was. */
  file: TextFile | undefined;
}

export class Editor {
  readonly #document: TextDocument;
  readonly #view: TextView;
  readonly #terminal: Terminal;
  readonly #painter: Painter;
  readonly #clipboard: Clipboard;
  readonly #dictation: Dictation;
  readonly #meter: LevelMeter;
  readonly #mouse: Mouse;
  readonly #draft: Draft;
  readonly #bar: StatusBar;
  readonly #history: History | undefined;
  readonly #talkKey: TalkKey;
  /** Stands in the place of the text. */
  #panel: Panel | undefined;
  readonly #texts;
  #kept: KeptDraft | undefined;
  #saved: string;
  #draftTimer: NodeJS.Timeout | undefined;
  #isDrawing = false;
  #isQuitting = false;
  /** Ctrl+S was pressed on a file that another program has changed: once more is a yes. */
  #mayOverwrite = false;
  #leave: (kept: boolean) => void = () => {};
  readonly #context: EditorContext;

  constructor(context: EditorContext) {
    this.#context = context;
    const { options, env, locale, client, file } = context;
    const text = file?.text ?? "";
    this.#texts = textsOf(locale);
    this.#saved = text;
    this.#document = new TextDocument(text);
    this.#document.moveTo(text.length);
    this.#view = new TextView(this.#document);
    this.#terminal = new Terminal(process.stdin, process.stdout, {
      input: (event) => this.#input(event),
      resize: () => this.#resize(),
    });
    this.#painter = new Painter((text) => this.#terminal.write(text));
    this.#clipboard = terminalClipboard((text) => this.#terminal.write(text), env);
    this.#bar = new StatusBar(options, locale, () => this.#draw());
    this.#meter = new LevelMeter(6, () => this.#draw());
    this.#mouse = new Mouse(this.#document, this.#view, () => void this.#copy(this.#document.selectedText));
    this.#draft = new Draft(stateFolder(env), options.file);
    if (options.history) {
      this.#history = new History(stateFolder(env), (error) =>
        this.#bar.problem(this.#texts.historyNotKept.replace("{reason}", messageOf(error))),
      );
    }
    this.#dictation = new Dictation(client, this.#document, {
      openSource: async () => this.#meter.measure(await openSpeech(options, (ms) => this.#bar.dropped(ms))),
      onDrop: (ms) => this.#bar.dropped(ms),
      onFinal: (text) => {
        this.#history?.add(text);
        if (options.autoCopy) void this.#clipboard.copy(text);
      },
      onCommand: (name, spoken) => this.#obey(name, spoken),
      onProblem: (error) => this.#bar.problem(this.#problem(error)),
    });
    this.#talkKey = new TalkKey({
      toggle: () => this.#toggle(),
      stop: () => this.#dictation.stop(),
    });
    client.subscribe(() => this.#draw());
    client.on("event", ({ type }) => {
      if (type === "ready") void this.#checkPatterns();
    });
    this.#document.onChange(() => {
      this.#draw();
      this.#draftTimer ??= setTimeout(() => this.#keepDraft(), DRAFT_DELAY_MS);
    });
  }

  /** Runs until its user quits. @returns whether unsaved text was kept */
  run(): Promise<boolean> {
    this.#kept = this.#draft.kept();
    if (this.#kept?.text === this.#saved) this.#kept = undefined;
    if (this.#kept) this.#bar.offerDraft(this.#kept.savedAt);
    this.#terminal.open();
    this.#resize();
    if (this.#context.options.draft) this.#openDraft();
    return new Promise((resolve) => {
      this.#leave = resolve;
    });
  }

  /** Leaves the terminal and keeps the text, at once. Idempotent. @returns whether there was text to be kept */
  readonly close = (): boolean => {
    this.#terminal.close();
    this.#keepDraft();
    clearTimeout(this.#draftTimer);
    return this.#document.text !== this.#saved;
  };

  #input(event: InputEvent): void {
    if (!(event.type === "key" && event.name === "ctrl+s")) this.#mayOverwrite = false;
    if (this.#talkKey.take(event) || event.type === "release") return;
    if (this.#panel && !isQuit(event)) {
      if (!this.#panel.input(event)) this.#show(undefined);
      this.#draw();
      return;
    }
    if (event.type === "text") this.#document.type(event.text);
    if (event.type === "paste") this.#document.paste(event.text);
    if (event.type === "mouse") this.#mouse.take(event);
    if (event.type === "key") this.#key(event.name);
    if (event.type === "text" || event.type === "paste") this.#view.forgetColumn();
    this.#draw();
  }

  #key(name: string): void {
    const document = this.#document;
    const bar = this.#bar;
    const texts = this.#texts;
    switch (name) {
      case "f2":
        this.#openDraft();
        return;
      case "f3":
        void this.#copy(document.text);
        return;
      case "f4":
        this.#show(new HelpPanel(texts));
        return;
      case "f5":
        void this.#showHistory();
        return;
      case "f6":
        this.#showWords();
        return;
      case "ctrl+s":
        this.#save();
        return;
      case "ctrl+c":
        if (document.selection) {
          void this.#copy(document.selectedText);
          return;
        }
        void this.#quit();
        return;
      case "ctrl+q":
        void this.#quit();
        return;
      case "ctrl+z":
      case "ctrl+_":
        if (!document.undo()) bar.notice(texts.nothingToUndo);
        return;
      case "ctrl+y":
        if (!document.redo()) bar.notice(texts.nothingToRedo);
        return;
      default:
        applyKey(name, document, this.#view);
    }
  }

  /** @returns whether a recording began */
  #toggle(): boolean {
    this.#bar.clear();
    this.#meter.clear();
    this.#dictation.toggle();
    this.#draw();
    return this.#dictation.isRecording;
  }

  #show(panel: Panel | undefined): void {
    this.#panel = panel;
    this.#draw();
  }

  async #showHistory(): Promise<void> {
    const { locale } = this.#context;
    const entries = await this.#history?.entries().catch((error: unknown) => {
      this.#bar.problem(this.#texts.historyNotRead.replace("{reason}", messageOf(error)));
      return undefined;
    });
    if (!entries) {
      if (!this.#history) this.#bar.notice(this.#texts.noHistory);
      return;
    }
    const panel = new HistoryPanel(entries, this.#texts, locale, {
      insert: (text) => this.#document.paste(text),
      copy: (text) => void this.#copy(text),
    });
    this.#show(panel);
  }

  #showWords(): void {
    const { client, words } = this.#context;
    const panel = new WordsPanel(this.#texts, {
      entries: () => words.entries,
      add: (line, instead) => {
        const tell = (refusal: Refusal | undefined) => {
          client.update(words.wishes);
          return refusal;
        };
        const answer = words.add(line, instead);
        return answer instanceof Promise ? answer.then(tell) : tell(answer);
      },
      remove: (entry) => {
        words.remove(entry);
        client.update(words.wishes);
      },
      onChange: () => this.#draw(),
    });
    this.#show(panel);
    void this.#checkPatterns();
  }

  /** Those of a file that another program wrote, say: a session would refuse one that the server cannot read. */
  async #checkPatterns(): Promise<void> {
    const { client, words } = this.#context;
    if (!(await words.check())) return;
    client.update(words.wishes);
    this.#draw();
  }

  #obey(name: string, spoken: string): void {
    obey(name, {
      document: this.#document,
      spoken: this.#dictation.spoken,
      copy: (text) => void this.#copy(text),
      stopListening: () => this.#dictation.stop(),
      tell: (text) => this.#bar.notice(this.#texts[text].replace("{command}", spoken)),
    });
  }

  async #copy(text: string): Promise<void> {
    const texts = this.#texts;
    if (text === "") {
      this.#bar.notice(texts.nothingToCopy);
      return;
    }
    const outcome = await this.#clipboard.copy(text);
    const sentence = { copied: texts.copied, "too long": texts.tooLongToCopy, nowhere: texts.notCopied }[outcome];
    this.#bar.notice(sentence.replace("{count}", String([...text].length)));
  }

  #save(): void {
    const { options, file } = this.#context;
    const texts = this.#texts;
    const bar = this.#bar;
    const { text } = this.#document;
    if (options.file === undefined || !file) {
      bar.notice(texts.noFile);
      return;
    }
    try {
      if (file.hasChangedOnDisk && !this.#mayOverwrite) {
        this.#mayOverwrite = true;
        bar.notice(texts.changedOnDisk.replace("{file}", path.basename(options.file)));
        return;
      }
      file.save(text);
      this.#mayOverwrite = false;
      this.#saved = text;
      this.#draft.discard();
      bar.notice(texts.saved.replace("{file}", options.file));
    } catch (error) {
      bar.problem(texts.notSaved.replace("{reason}", messageOf(error)));
    }
  }

  /** The kept text comes before what has been written since; for a file it takes the place of the file's text. */
  #openDraft(): void {
    const kept = this.#kept;
    const document = this.#document;
    if (!kept) {
      this.#bar.notice(this.#texts.noDraft);
      return;
    }
    this.#kept = undefined;
    this.#draft.adopt(kept);
    if (this.#context.options.file === undefined) {
      document.moveTo(0);
      document.paste(document.text === "" ? kept.text : `${kept.text}\n`);
    } else {
      document.selectAll();
      document.paste(kept.text);
    }
    this.#bar.clear();
    this.#bar.notice(this.#texts.draftOpened);
  }

  #keepDraft(): void {
    this.#draftTimer = undefined;
    const { text } = this.#document;
    try {
      if (text !== this.#saved) this.#draft.keep(text);
      // A draft that was offered and not taken stays.
      else if (!this.#kept) this.#draft.discard();
    } catch (error) {
      this.#bar.problem(this.#texts.draftNotSaved.replace("{reason}", messageOf(error)));
    }
  }

  #problem(error: unknown): string {
    return this.#dictation.state === "no_microphone" ? this.#texts.noMicrophone : errorSentence(error, this.#texts);
  }

  async #quit(): Promise<void> {
    const { status } = this.#context.client.getSnapshot();
    // A server that is away would only keep its user waiting.
    const mayFinish = status === "listening" || status === "finishing";
    if (!this.#isQuitting && this.#dictation.isActive && mayFinish) {
      this.#isQuitting = true;
      this.#bar.notice(this.#texts.finishing);
      await this.#dictation.finish(LAST_WORDS_MS);
    }
    this.#leave(this.close());
  }

  #resize(): void {
    this.#painter.reset();
    this.#view.resize(this.#terminal.columns, this.#terminal.rows - 1);
    this.#draw();
  }

  /** Draws once for all that happens at a time. */
  #draw(): void {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    setImmediate(() => {
      this.#isDrawing = false;
      const { lines, cursor } = this.#render();
      const { client } = this.#context;
      const status = this.#bar.render(this.#terminal.columns, {
        state: this.#dictation.state,
        snapshot: client.getSnapshot(),
        level: this.#dictation.isActive ? String(this.#meter) : "",
        isChanged: this.#document.text !== this.#saved,
      });
      this.#painter.paint([...lines, status], cursor);
    });
  }

  #render(): ReturnType<TextView["render"]> {
    if (!this.#panel) return this.#view.render();
    const { columns, rows } = this.#view;
    const lines = this.#panel.render(columns, rows).slice(0, rows);
    return { lines: Array.from({ length: rows }, (_, i) => lines[i] ?? ""), cursor: undefined };
  }
}

/** What ends the program also ends it while a panel stands there. */
function isQuit(event: InputEvent): boolean {
  return event.type === "key" && event.name === "ctrl+q";
}
