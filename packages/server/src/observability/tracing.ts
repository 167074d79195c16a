import { type Context, context, type Span, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { assertNever } from "@stt/core";
import type { JobReport } from "../scheduler/scheduler.js";
import type { SessionEvent } from "../session/events.js";

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

  observe(event: SessionEvent): void {
    switch (event.type) {
      case "speech_start": {
        const attributes = { "stt.utterance": event.utterance, "stt.start_ms": event.atMs };
        const parent = trace.setSpan(context.active(), this.#span);
        this.#latest = this.#tracer.startSpan("stt.utterance", { attributes }, parent);
        this.#utterances.set(event.utterance, this.#latest);
        return;
      }
      case "partial":
        if (event.revision === 1) this.#utterances.get(event.utterance)?.addEvent("first partial");
        return;
      case "speech_end":
        this.#utterances.get(event.utterance)?.addEvent("endpoint");
        return;
      case "final":
        this.#close(event.utterance, { "stt.language": event.language, "stt.end_ms": event.endMs });
        return;
      case "discarded":
        this.#close(event.utterance, { "stt.discarded": event.rule });
        return;
      case "error":
        this.#span.setStatus({ code: SpanStatusCode.ERROR, message: event.code });
        return;
      case "silence_start":
      case "silence_end":
      case "utterance_audio":
      case "progress":
      case "warning":
      case "end":
        return;
      default:
        assertNever(event);
    }
  }

  end(): void {
    for (const utterance of [...this.#utterances.keys()]) this.#close(utterance, { "stt.discarded": "session ended" });
    this.#span.end();
    this.#onEnd();
  }

  #close(utterance: number, attributes: Record<string, string | number>): void {
    const span = this.#utterances.get(utterance);
    if (!span) return;
    this.#utterances.delete(utterance);
    span.setAttributes(attributes).end();
    if (this.#latest === span) this.#latest = this.#span;
  }
}
