import { type AudioSource, bytesPerFrame, decodePcm, rms } from "@stt/core";

/** Audio per bar, milliseconds. */
const BAR_MS = 100;
const BARS = "▁▂▃▄▅▆▇█";
/** Of a quiet room and of a loud voice, decibels below full scale. */
const QUIET_DB = -55;
const LOUD_DB = -12;

/** Shows how loud it is: one bar for each tenth of a second, the latest at the right. */
export class LevelMeter {
  #bars: number[] = [];
  readonly #width: number;
  readonly #onChange: () => void;

  constructor(width: number, onChange: () => void) {
    this.#width = width;
    this.#onChange = onChange;
  }

  /** The bars; empty while nothing is measured. */
  toString(): string {
    return this.#bars.map((bar) => BARS.charAt(bar)).join("");
  }

  /** The latest, 0 for a quiet room and 1 for a loud voice. */
  get level(): number {
    return (this.#bars.at(-1) ?? 0) / (BARS.length - 1);
  }

  clear(): void {
    this.#bars = [];
    this.#onChange();
  }

  /** The same source, measured as it is read. */
  measure(source: AudioSource): AudioSource {
    const { format } = source;
    const bytesPerBar = (format.sampleRate * bytesPerFrame(format) * BAR_MS) / 1000;
    const add = (level: number) => this.#add(level);
    async function* chunks(signal: AbortSignal) {
      let bytes = 0;
      let peak = 0;
      for await (const chunk of source.chunks(signal)) {
        bytes += chunk.byteLength;
        peak = Math.max(peak, rms(decodePcm(chunk, format)));
        if (bytes >= bytesPerBar) {
          add(peak);
          bytes = 0;
          peak = 0;
        }
        yield chunk;
      }
    }
    return {
      format,
      ...(source.durationMs === undefined ? {} : { durationMs: source.durationMs }),
      attach: (host) => source.attach?.(host),
      chunks,
      close: () => source.close(),
    };
  }

  #add(level: number): void {
    const db = 20 * Math.log10(Math.max(level, 1e-6));
    const bar = Math.round(((db - QUIET_DB) / (LOUD_DB - QUIET_DB)) * (BARS.length - 1));
    this.#bars = [...this.#bars, Math.max(0, Math.min(BARS.length - 1, bar))].slice(-this.#width);
    this.#onChange();
  }
}
