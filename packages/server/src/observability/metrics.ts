import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { JobReport } from "../scheduler/scheduler.js";
import type { ServerLoad } from "./server-load.js";

/** What is read when somebody asks, not counted along the way. */
export interface MetricSources {
  load(): ServerLoad;
  /** Memory of the inference processes, bytes; empty while there are none. */
  engineMemory(): Promise<{ rssBytes?: number }>;
  /** Whoever else wants to know of single measurements. */
  observer?: MetricObserver;
  gpus(): readonly { name: string; usedMiB: number; totalMiB: number; utilisation?: number }[];
}

/** What is told of single measurements; milliseconds. */
export interface MetricObserver {
  /** @param reason an error code */
  rejected(reason: string): void;
  finalLatency(ms: number): void;
  firstPartial(ms: number): void;
  job(report: JobReport): void;
}

/** Seconds, from a scheduler's tick to a wait that nobody forgives. */
const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10];
/** Compute seconds for each second of audio. */
const FACTOR_BUCKETS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** What telephones carry has nothing above 4 kHz. */
const TELEPHONE_RATE = 8000;

/** Metrics of the process itself, shared by all servers in it. */
let processRegistry: Registry | undefined;

function processMetrics(): Registry {
  if (!processRegistry) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
    // Named like counters, which they are not: Prometheus's own linter refuses them.
    for (const kind of ["handles", "requests", "resources"]) {
      processRegistry.removeSingleMetric(`nodejs_active_${kind}_total`);
    }
  }
  return processRegistry;
}

/** Why utterances have no text: their series are there from the start, so that a graph of them has a line. */
const DISCARD_RULES = [
  "too_little_speech",
  "too_quiet",
  "empty",
  "phantom_phrase",
  "improbable",
  "cancelled",
  "failed",
];

/** What became of a question whether a speaker has finished. `none`: there was no room, or the model failed. */
export type TurnOutcome = "answered" | "cancelled" | "none";
const TURN_OUTCOMES: readonly TurnOutcome[] = ["answered", "cancelled", "none"];

/** What one server tells Prometheus. Names are kept stable: dashboards, alerts and autoscalers rely on them. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #rejected: Counter<"reason">;
  readonly #reconnects: Counter;
  readonly #audioSeconds: Counter;
  readonly #wireAudioSeconds: Counter<"wire" | "band">;
  readonly #webhooks: Counter<"result">;
  readonly #finals: Counter;
  readonly #discarded: Counter;
  readonly #failures: Counter<"code">;
  readonly #queueWait: Histogram<"kind">;
  readonly #inference: Histogram<"kind">;
  readonly #realtimeFactor: Histogram;
  readonly #firstPartial: Histogram;
  readonly #finalLatency: Histogram;
  readonly #vadLag: Histogram;
  readonly #turnQuestions: Counter<"outcome">;
  readonly #turnAnswer: Histogram;
  readonly #observer: MetricObserver | undefined;

  constructor(sources: MetricSources) {
    this.#observer = sources.observer;
    const registers = [this.#registry];
    const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
      new Counter({ name, help, labelNames, registers });
    const histogram = <L extends string = never>(
      name: string,
      help: string,
      labelNames: L[] = [],
      buckets = LATENCY_BUCKETS,
    ) => new Histogram({ name, help, labelNames, buckets, registers });
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });

    this.#rejected = counter("stt_sessions_rejected_total", "Sessions that were refused, by reason", ["reason"]);
    this.#reconnects = counter("stt_reconnects_total", "Sessions that resumed an earlier one");
    this.#audioSeconds = counter("stt_audio_seconds_total", "Seconds of audio received");
    this.#wireAudioSeconds = counter(
      "stt_wire_audio_seconds_total",
      "Seconds of audio received in sessions, by wire; telephone is audio of 8 kHz, wide is all other",
      ["wire", "band"],
    );
    this.#webhooks = counter(
      "stt_call_webhooks_total",
      "Events of calls for CALL_WEBHOOK_URL, by what became of them",
      ["result"],
    );
    this.#finals = counter("stt_finals_total", "Finals sent");
    this.#discarded = counter(
      "stt_utterances_discarded_total",
      "Utterances without a final, by the rule that said so: nobody spoke, or it was cancelled",
      ["rule"],
    );
    for (const rule of DISCARD_RULES) this.#discarded.inc({ rule }, 0);
    this.#failures = counter("stt_errors_total", "Errors told to clients, by code", ["code"]);
    this.#queueWait = histogram("stt_queue_wait_seconds", "Time a job waited for a lane, by kind", ["kind"]);
    this.#inference = histogram("stt_inference_seconds", "Time a job ran in an engine, by kind", ["kind"]);
    this.#realtimeFactor = histogram(
      "stt_realtime_factor",
      "Compute time of a final for each second of its audio",
      [],
      FACTOR_BUCKETS,
    );
    this.#firstPartial = histogram("stt_first_partial_seconds", "From the start of speech to the first live text");
    this.#finalLatency = histogram("stt_final_latency_seconds", "From the endpoint to the final");
    this.#vadLag = histogram("stt_vad_lag_seconds", "From receiving audio to its probability of speech");

    this.#turnQuestions = counter(
      "stt_turn_questions_total",
      "Questions whether a speaker has finished, by outcome; none: silence ended the turn, for want of an answer",
      ["outcome"],
    );
    for (const outcome of TURN_OUTCOMES) this.#turnQuestions.inc({ outcome }, 0);
    this.#turnAnswer = histogram(
      "stt_turn_answer_seconds",
      "From a question whether a speaker has finished to its answer",
    );

    gauge("stt_sessions_active", "Open sessions", () => sources.load().sessions);
    gauge("stt_sessions_speaking", "Sessions with an open utterance", () => sources.load().speaking);
    gauge("stt_sessions_capacity", "Sessions that can be served at the same time; 0 while nothing was measured", () =>
      Number(sources.load().capacity ?? 0),
    );
    gauge(
      "stt_load",
      "Share of the capacity in use, 0 to 1: what balancers and autoscalers go by",
      () => sources.load().load,
    );
    gauge("stt_ready", "1 while new sessions are welcome", () => (sources.load().ready ? 1 : 0));
    gauge("stt_lanes", "Jobs that may run at the same time", () => sources.load().lanes);
    gauge("stt_queue_length", "Jobs that wait for a lane", () => sources.load().queued);
    new Gauge({
      name: "stt_inference_memory_bytes",
      help: "Resident memory of the inference processes",
      registers,
      async collect() {
        const { rssBytes } = await sources.engineMemory();
        if (rssBytes !== undefined) this.set(rssBytes);
      },
    });
    new Gauge({
      name: "stt_gpu_memory_bytes",
      help: "Memory of each GPU",
      labelNames: ["gpu", "state"],
      registers,
      collect() {
        for (const [index, { usedMiB, totalMiB }] of sources.gpus().entries()) {
          this.set({ gpu: String(index), state: "used" }, usedMiB * 2 ** 20);
          this.set({ gpu: String(index), state: "total" }, totalMiB * 2 ** 20);
        }
      },
    });
    new Gauge({
      name: "stt_gpu_utilisation",
      help: "Share of the time in which each GPU computed, 0 to 1",
      labelNames: ["gpu"],
      registers,
      collect() {
        for (const [index, { utilisation }] of sources.gpus().entries()) {
          if (utilisation !== undefined) this.set({ gpu: String(index) }, utilisation);
        }
      },
    });
  }

  /** All of it in the text format of Prometheus. */
  async exposition(): Promise<{ contentType: string; body: string }> {
    const merged = Registry.merge([this.#registry, processMetrics()]);
    return { contentType: merged.contentType, body: await merged.metrics() };
  }

  /** A session was refused. @param reason an error code */
  rejected(reason: string): void {
    this.#rejected.inc({ reason });
    this.#observer?.rejected(reason);
  }

  resumed(): void {
    this.#reconnects.inc();
  }

  /** @param sampleRate of what came, Hz */
  heard(seconds: number, wire: string, sampleRate: number): void {
    this.#audioSeconds.inc(seconds);
    this.#wireAudioSeconds.inc({ wire, band: sampleRate <= TELEPHONE_RATE ? "telephone" : "wide" }, seconds);
  }

  /** An event of a call was sent to its webhook, or given up. */
  webhook(result: "delivered" | "failed" | "dropped"): void {
    this.#webhooks.inc({ result });
  }

  /** @param latencyMs from the endpoint to the final; undefined for one that nobody waited for */
  finalSent(latencyMs: number | undefined): void {
    this.#finals.inc();
    if (latencyMs === undefined) return;
    this.#finalLatency.observe(latencyMs / 1000);
    this.#observer?.finalLatency(latencyMs);
  }

  firstPartial(latencyMs: number): void {
    this.#firstPartial.observe(latencyMs / 1000);
    this.#observer?.firstPartial(latencyMs);
  }

  utteranceDiscarded(rule: string): void {
    this.#discarded.inc({ rule });
  }

  failed(code: string): void {
    this.#failures.inc({ code });
  }

  vadLag(ms: number): void {
    this.#vadLag.observe(ms / 1000);
  }

  /** @param ms from its asking */
  turnQuestion(outcome: TurnOutcome, ms: number): void {
    this.#turnQuestions.inc({ outcome });
    if (outcome === "answered") this.#turnAnswer.observe(ms / 1000);
  }

  job(report: JobReport): void {
    const { kind, waitedMs, ms, audioMs, completed } = report;
    this.#observer?.job(report);
    this.#queueWait.observe({ kind }, waitedMs / 1000);
    this.#inference.observe({ kind }, ms / 1000);
    if (completed && audioMs > 0 && (kind === "final" || kind === "speculative"))
      this.#realtimeFactor.observe(ms / audioMs);
  }
}
