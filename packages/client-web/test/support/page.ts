/** What tests find on the page: the package as the global `stt`, and a few hands. */
import { type MicrophoneOptions, microphone } from "../../src/index.js";

export * from "../../src/index.js";
export * from "../../src/vad/index.js";

/** Synthetic voices are not speech to an echo canceller. */
export const PLAIN: MicrophoneOptions = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

const streams: MediaStream[] = [];
let asked = 0;
let isWatched = false;

/** Opens a microphone whose tracks {@link loseDevice} reaches. */
export function reachableMicrophone(options: MicrophoneOptions = PLAIN) {
  if (!isWatched) watchDevices(navigator.mediaDevices);
  isWatched = true;
  return microphone(options);
}

function watchDevices(mediaDevices: MediaDevices): void {
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    asked += 1;
    const stream = await getUserMedia(constraints);
    streams.push(stream);
    return stream;
  };
}

/** How often the browser was asked for a device. */
export function askedDevices(): number {
  return asked;
}

/** What a browser does when a device goes away: it ends the track and says so. */
export function loseDevice(): void {
  const track = streams.at(-1)!.getAudioTracks()[0]!;
  track.stop();
  track.dispatchEvent(new Event("ended"));
}

/** Devices that were given so far. */
export function openedStreams(): number {
  return streams.length;
}

/** Tracks that still record. */
export function liveTracks(): number {
  return streams.flatMap((stream) => stream.getTracks()).filter(({ readyState }) => readyState === "live").length;
}

/** The little of an error that a test can take home. */
export async function failure(action: () => Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await action();
    return {};
  } catch (error) {
    const { name, message, code, problem, retryable } = error as Record<string, unknown>;
    return { name, message, code, problem, retryable };
  }
}
