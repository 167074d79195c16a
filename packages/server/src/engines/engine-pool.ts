import type { EngineInfo, EngineMemory, TranscribeOptions, Transcription, TranscriptionEngine } from "@stt/core";

interface Member {
  engine: TranscriptionEngine;
  running: number;
}

/**
 * Several engines with the same model as one, such as one for each GPU. A call goes where least is running; an engine that
 * cannot decode at present gets none until it can again, unless none can.
 */
export class EnginePool implements TranscriptionEngine {
  readonly info: EngineInfo;
  readonly #members: readonly Member[];

  /** @param engines at least one; they differ in nothing but where they run. */
  constructor(engines: readonly TranscriptionEngine[]) {
    this.#members = engines.map((engine) => ({ engine, running: 0 }));
    const concurrency = engines.reduce((sum, { info }) => sum + info.concurrency, 0);
    this.info = { ...engines[0]!.info, concurrency };
  }

  /** Only when every engine is: one is enough to serve. */
  get unavailable(): string | undefined {
    const reasons = this.#members.map(({ engine }) => engine.unavailable);
    return reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
  }

  async transcribe(audio: Float32Array, options: TranscribeOptions, signal?: AbortSignal): Promise<Transcription> {
    const member = this.#leastBusy();
    member.running++;
    try {
      return await member.engine.transcribe(audio, options, signal);
    } finally {
      member.running--;
    }
  }

  /** Sums over all engines. */
  async memory(): Promise<EngineMemory> {
    const all = await Promise.all(this.#members.map(async ({ engine }) => (await engine.memory?.()) ?? {}));
    const sum: EngineMemory = {};
    for (const memory of all) {
      for (const key of ["rssBytes", "cpuMs", "gpuTotalBytes", "gpuFreeBytes"] as const) {
        if (memory[key] !== undefined) sum[key] = (sum[key] ?? 0) + memory[key];
      }
    }
    return sum;
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map(({ engine }) => engine.close()));
  }

  #leastBusy(): Member {
    const able = this.#members.filter(({ engine }) => engine.unavailable === undefined);
    return (able.length > 0 ? able : this.#members).reduce((best, member) =>
      share(member) < share(best) ? member : best,
    );
  }
}

function share({ engine, running }: Member): number {
  return running / engine.info.concurrency;
}
