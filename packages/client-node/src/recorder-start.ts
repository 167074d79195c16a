import { FIRST_AUDIO_TIMEOUT_MS, type RecorderHandlers } from "./recorder.js";

/**
 * Turns a stream of callbacks into "it works" or "it does not": the promise resolves with the first audio and rejects when
 * the recording ends, or nothing comes, before it. Later ends reach the handlers.
 */
export function untilFirstAudio(
  handlers: RecorderHandlers,
  onTimeout: () => void,
): {
  handlers: RecorderHandlers;
  started: Promise<void>;
} {
  let settle: ((error?: Error) => void) | undefined;
  const started = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      onTimeout();
      settle?.(new Error(`no audio within ${FIRST_AUDIO_TIMEOUT_MS / 1000} s`));
    }, FIRST_AUDIO_TIMEOUT_MS);
    settle = (error) => {
      settle = undefined;
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    };
  });
  let working = false;
  return {
    started,
    handlers: {
      audio(pcm) {
        if (!working && !settle) return;
        working = true;
        settle?.();
        handlers.audio(pcm);
      },
      end(error) {
        if (working) handlers.end(error);
        else settle?.(error ?? new Error("it ended at once"));
      },
    },
  };
}
