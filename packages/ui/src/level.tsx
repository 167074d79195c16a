/** The voice as a thin line. */
import { type MicrophoneSource, useAudioLevel } from "@stt/react";

export function Level({ microphone }: { microphone: MicrophoneSource | null }) {
  const { rms } = useAudioLevel(microphone);
  // Speech is quiet in linear terms: the line shows 60 dB of loudness.
  const loudness = rms > 0 ? Math.max(0, 1 + Math.log10(rms) / 3) : 0;
  return (
    <span className="level" aria-hidden="true">
      <span style={{ transform: `scaleX(${loudness.toFixed(3)})` }} />
    </span>
  );
}
