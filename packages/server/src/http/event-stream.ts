import type { Clock } from "@stt/core";
import type { Context } from "hono";
import type { AppEnv } from "./app-context.js";

/** Proxies take a connection for dead after some time of silence, 60 s mostly. */
const BEAT_MS = 15_000;

export interface EventStreamOptions {
  /** The client went away: ends a wait for the next piece. */
  onCancel?(): void;
  /** It is over, in whatever way. Called once. */
  onEnd(): void | Promise<void>;
}

/**
 * Answers with server-sent events. The headers go out with the first piece.
 *
 * @param pieces whole events or comments; each is asked for only when the one before was taken, so that nothing piles up for a
 *   reader that is slow
 */
export function eventStream(
  c: Context<AppEnv>,
  pieces: AsyncGenerator<string>,
  { onCancel, onEnd }: EventStreamOptions,
): Response {
  const encoder = new TextEncoder();
  let isOver = false;
  const end = async () => {
    if (isOver) return;
    isOver = true;
    await onEnd();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { value, done } = await pieces.next();
          if (!done) return controller.enqueue(encoder.encode(value));
        } catch (error) {
          await end();
          throw error;
        }
        await end();
        controller.close();
      },
      async cancel() {
        onCancel?.();
        await pieces.return(undefined);
        await end();
      },
    },
    { highWaterMark: 0 },
  );
  return c.body(body, 200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    // nginx would collect it.
    "X-Accel-Buffering": "no",
  });
}

/** Events of JSON as an event stream writes them: a comment at once, and another whenever nothing came for 15 s. */
export async function* withBeat(events: AsyncGenerator<object>, clock: Clock): AsyncGenerator<string> {
  try {
    yield ": here it comes\n\n";
    let next = events.next();
    for (;;) {
      const result = await Promise.race([next, silence(next, clock)]);
      if (!result) {
        yield ": still here\n\n";
        continue;
      }
      if (result.done) return;
      yield `data: ${JSON.stringify(result.value)}\n\n`;
      next = events.next();
    }
  } finally {
    await events.return(undefined);
  }
}

/** Resolves with nothing after a beat; never when `next` is earlier. */
function silence(next: Promise<unknown>, clock: Clock): Promise<undefined> {
  return new Promise((resolve) => {
    const cancel = clock.setTimer(BEAT_MS, () => resolve(undefined));
    next.then(cancel, cancel);
  });
}
