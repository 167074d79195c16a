/** What the tools do, whichever protocol calls them. */
import { exportTranscript, FILE_ENDPOINTING, type ServerMessageOf, type SttClientOptions, SttError } from "@stt/core";
import { createSttClient } from "../client.js";
import { nodeClock } from "../clock.js";
import { fileSource } from "../file-source.js";
import { type MicrophoneOptions, microphone } from "../microphone.js";
import { SilenceWatch } from "../silence-watch.js";
import type { FileAccess } from "./file-access.js";
import { History, type HistoryEntry } from "./history.js";

export const FORMATS = ["txt", "srt", "vtt", "json"] as const;

export interface SpeechToolsOptions {
  client: SttClientOptions;
  files: FileAccess;
  microphone: MicrophoneOptions;
}

export interface FileOrder {
  path: string;
  language?: string | undefined;
  format: (typeof FORMATS)[number];
}

export interface ListenOrder {
  language?: string | undefined;
  /** Ends it, milliseconds. */
  silenceMs: number;
  /** Ends it in any case, milliseconds. */
  mostMs: number;
}

/** A file without a server is given up after so long. */
const GIVE_UP_AFTER_MS = 60_000;

export class SpeechTools {
  readonly #options: SpeechToolsOptions;
  readonly #history = new History();
  #isListening = false;

  constructor(options: SpeechToolsOptions) {
    this.#options = options;
  }

  /** @throws SttError, as `FileAccess.open`, `fileSource` and `SttClient.transcribe` do */
  async transcribeFile({ path, language, format }: FileOrder, signal: AbortSignal): Promise<string> {
    const file = await this.#options.files.open(path);
    const client = createSttClient({
      ...this.#clientOptions(language),
      endpointing: FILE_ENDPOINTING,
      reconnect: { giveUpAfterMs: GIVE_UP_AFTER_MS },
    });
    const finals: ServerMessageOf<"final">[] = [];
    client.on("final", (final) => finals.push(final));
    try {
      const text = await client.transcribe(await fileSource(file), { signal });
      this.#remember(file, text);
      return format === "txt" ? text : exportTranscript(finals.map(segmentOf), format);
    } finally {
      await client.close();
    }
  }

  /** From the microphone, until nobody speaks any more. @throws SttError `invalid_state` while it listens already */
  async listen({ language, silenceMs, mostMs }: ListenOrder, signal: AbortSignal): Promise<string> {
    if (this.#isListening) throw new SttError("invalid_state", "The microphone is in use by an earlier call.");
    this.#isListening = true;
    const client = createSttClient(this.#clientOptions(language));
    const over = new AbortController();
    const end = () => over.abort();
    const silence = new SilenceWatch(silenceMs, nodeClock, end);
    const cancelTimer = nodeClock.setTimer(mostMs, end);
    client.on("event", (event) => {
      silence.take(event);
      if (event.type === "source_end" || (event.type === "error" && event.fatal)) end();
    });
    try {
      await client.connect({ signal });
      await client.start(silence.watch(await microphone(this.#options.microphone)), { signal });
      await Promise.race([aborted(over.signal), aborted(signal)]);
      const text = await client.stop({ signal });
      this.#remember("microphone", text);
      return text;
    } finally {
      this.#isListening = false;
      cancelTimer();
      silence.dispose();
      await client.close();
    }
  }

  /** What was transcribed so far, the newest first. */
  history(count: number): HistoryEntry[] {
    return this.#history.latest(count);
  }

  #clientOptions(language: string | undefined): SttClientOptions {
    return { ...this.#options.client, ...(language === undefined ? {} : { language }) };
  }

  #remember(source: string, text: string): void {
    this.#history.add({ at: new Date().toISOString(), source, text });
  }
}

function segmentOf({ text, startMs, endMs, language }: ServerMessageOf<"final">) {
  return { text, startMs, endMs, language };
}

/** Resolves when a signal fires: what waits for it then ends in its own way. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
