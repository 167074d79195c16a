import { SttError, type TranscriptionEngine } from "@stt/core";

/** Names that OpenAI's clients send by default: each means the model of the finals. */
const ALIASES = [
  "whisper-1",
  "gpt-transcribe",
  "gpt-live-transcribe",
  "gpt-realtime-whisper",
  "gpt-4o-transcribe",
  "gpt-4o-mini-transcribe",
] as const;
/** The same with a date, such as `gpt-4o-mini-transcribe-2025-12-15`. */
const DATED = /^gpt-4o(-mini)?-transcribe-\d{4}-\d{2}-\d{2}$/;

/** Which engine a model name of a request means. */
export class ServedModels {
  readonly #engines: ReadonlyMap<string, TranscriptionEngine>;

  constructor({
    finalEngine,
    partialEngine,
  }: { finalEngine: TranscriptionEngine; partialEngine: TranscriptionEngine }) {
    this.#engines = new Map([
      [finalEngine.info.model, finalEngine],
      ...(partialEngine.info.model === finalEngine.info.model
        ? []
        : [[partialEngine.info.model, partialEngine] as const]),
      ...ALIASES.map((alias) => [alias, finalEngine] as const),
    ]);
  }

  /** All names, the models' own first. */
  get names(): string[] {
    return [...this.#engines.keys()];
  }

  /** @throws SttError `model_not_found`, listing what there is. */
  engine(name: string): TranscriptionEngine {
    const engine = this.#engines.get(DATED.test(name) ? "gpt-4o-transcribe" : name);
    if (engine) return engine;
    throw new SttError(
      "model_not_found",
      `The model ${JSON.stringify(name.slice(0, 100))} is not served here. This server has: ${this.names.join(", ")}.`,
    );
  }
}
