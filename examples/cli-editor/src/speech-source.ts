import { type AudioSource, fileSource, microphone } from "@stt/client-node";
import { type Clock, paced } from "@stt/core";
import type { EditorOptions } from "./options.js";

const clock: Clock = {
  now: () => performance.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/**
 * The microphone, or a file that behaves like one: it speaks at its own pace and waits for nobody.
 *
 * @param onDrop told of sound that was lost, milliseconds.
 */
export async function openSpeech(options: EditorOptions, onDrop: (ms: number) => void): Promise<AudioSource> {
  const { speechFile, device, preferredDevice } = options;
  if (speechFile !== undefined) return paced(await fileSource(speechFile, { chunkMs: 32 }), clock);
  if (device !== undefined) return microphone({ device, onDrop });
  if (preferredDevice === undefined) return microphone({ onDrop });
  // It may be in another bag today.
  return microphone({ device: preferredDevice, onDrop }).catch(() => microphone({ onDrop }));
}
