/** What one hears and feels of the recording, on request. */

export type Cue = "begin" | "end" | "trouble";

/** Short notes, in Hz. Quiet: the microphone hears them too. */
const NOTES: Record<Cue, readonly number[]> = { begin: [523, 784], end: [784, 523], trouble: [262, 262] };
/** Milliseconds on and off. */
const BUZZES: Record<Cue, number[]> = { begin: [30], end: [20, 50, 20], trouble: [120, 80, 120] };

const NOTE_S = 0.09;
const LOUDNESS = 0.08;

let context: AudioContext | undefined;

/** Does nothing where the browser allows no sound yet. */
export function playCue(cue: Cue): void {
  context ??= new AudioContext();
  const { currentTime, destination } = context;
  void context.resume().catch(() => {});
  NOTES[cue].forEach((frequency, i) => {
    const from = currentTime + i * NOTE_S;
    const oscillator = new OscillatorNode(context!, { frequency, type: "sine" });
    const gain = new GainNode(context!, { gain: 0 });
    // Without slopes it clicks.
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(LOUDNESS, from + 0.01);
    gain.gain.linearRampToValueAtTime(0, from + NOTE_S);
    oscillator.connect(gain).connect(destination);
    oscillator.start(from);
    oscillator.stop(from + NOTE_S);
  });
}

export function buzz(cue: Cue): void {
  // Before the page was touched, browsers refuse with a line in their console.
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(BUZZES[cue]);
}
