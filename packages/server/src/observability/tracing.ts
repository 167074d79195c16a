import { type Context, context, type Span, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import type { JobReport } from "../scheduler/scheduler.js";

/**
 * Spans for OpenTelemetry: `stt.session` > `stt.utterance` > `stt.inference`. Only the API is used: without an SDK that the
 * operator loads (docs/observability.md) it does nothing. No span carries what was said.
 */
export class Tracing {
  readonly #tracer: Tracer = trace.getTracer("@stt/server");
  readonly #sessions = new Map<string, SessionTrace>();

  /** Begins the span of a session; `end` it. */
  session(id: string, attributes: { wire: string; language: string; resumed: boolean }): SessionTrace {
    const span = this.#tracer.startSpan("stt.session", {
      attributes: {
        "stt.session": id,
        "stt.wire": attributes.wire,
        "stt.language": attributes.language,
        "stt.resumed": attributes.resumed,
      },
    });
    const session = new SessionTrace(this.#tracer, span, () => this.#sessions.delete(id));
    this.#sessions.set(id, session);
    return session;
  }

  /** A job is over: its span is written afterwards, from what the scheduler measured. */
  job({ kind, owner, waitedMs, ms, audioMs, completed }: JobReport): void {
    const endTime = Date.now();
    const span = this.#tracer.startSpan(
      "stt.inference",
      {
        startTime: endTime - ms,
        attributes: {
          "stt.kind": kind,
          "stt.audio_ms": Math.round(audioMs),
          "stt.queue_wait_ms": Math.round(waitedMs),
          "stt.completed": completed,
        },
      },
      this.#sessions.get(owner)?.context ?? context.active(),
    );
    span.end(endTime);
  }
}

/** The spans of one session. */
export class SessionTrace {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #onEnd: () => void;
  /** Utterances without a final yet. */
  readonly #utterances = new Map<number, Span>();
  #latest: Span;

  constructor(tracer: Tracer, span: Span, onEnd: () => void) {
    this.#tracer = tracer;
    this.#span = span;
    this.#latest = span;
    this.#onEnd = onEnd;
  }

  /** Parent of what is done for this session now: its latest utterance, or itself. */
  get context(): Context {
    return trace.setSpan(context.active(), this.#latest);
  }

  beginUtterance(utterance: number, startMs: number): void {
    const attributes = { "stt.utterance": utterance, "stt.start_ms": startMs };
    const parent = trace.setSpan(context.active(), this.#span);
    this.#latest = this.#tracer.startSpan("stt.utterance", { attributes }, parent);
    this.#utterances.set(utterance, this.#latest);
  }

  /** A point in the course of an utterance. */
  note(utterance: number, event: string): void {
    this.#utterances.get(utterance)?.addEvent(event);
  }

  endUtterance(utterance: number, attributes: Record<string, string | number>): void {
    const span = this.#utterances.get(utterance);
    if (!span) return;
    this.#utterances.delete(utterance);
    span.setAttributes(attributes).end();
    if (this.#latest === span) this.#latest = this.#span;
  }

  /** Something in the session went wrong. */
  fail(code: string): void {
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  }

  end(): void {
    const attributes = { "stt.discarded": "session ended" };
    for (const utterance of [...this.#utterances.keys()]) this.endUtterance(utterance, attributes);
    this.#span.end();
    this.#onEnd();
  }
}
