/** How it stands, in one word with its sign and colour, and the voice as a thin line under it. */
import { type StateKey, stateKeyOf, stateWord } from "@stt/core";
import { type MicrophoneSource, type UseTranscriptionResult, useAudioLevel } from "@stt/react";
import { Icon, type IconName } from "./icons.js";
import { usePage } from "./page-context.js";
import { useSecondsUntil } from "./use-seconds.js";

type Tone = "calm" | "live" | "busy" | "bad";

const LOOKS: Record<StateKey, { icon: IconName; tone: Tone }> = {
  idle: { icon: "microphone", tone: "calm" },
  connecting: { icon: "dots", tone: "busy" },
  connected: { icon: "check", tone: "live" },
  listening: { icon: "microphone", tone: "live" },
  hearing: { icon: "wave", tone: "live" },
  finishing: { icon: "dots", tone: "busy" },
  paused: { icon: "pause", tone: "calm" },
  reconnecting: { icon: "loop", tone: "busy" },
  microphone_blocked: { icon: "blocked", tone: "bad" },
  no_microphone: { icon: "blocked", tone: "bad" },
  server_full: { icon: "clock", tone: "busy" },
  closed: { icon: "stop", tone: "calm" },
  failed: { icon: "warning", tone: "bad" },
};

/** States worth interrupting a screen reader for: not those that change with every breath. */
const ANNOUNCED: ReadonlySet<StateKey> = new Set<StateKey>([
  "connected",
  "paused",
  "reconnecting",
  "microphone_blocked",
  "no_microphone",
  "server_full",
]);

/** @param heardAnything in this recording: until then the word invites to speak */
export function stateOf(transcription: UseTranscriptionResult, heardAnything: boolean): StateKey {
  const { status, permission, microphone } = transcription;
  if (microphone?.state === "lost") return "no_microphone";
  if (status === "idle" && permission === "denied") return "microphone_blocked";
  const key = stateKeyOf(transcription);
  return key === "listening" && !heardAnything && transcription.fileProgress === null ? "connected" : key;
}

export interface StatusProps {
  transcription: UseTranscriptionResult;
  state: StateKey;
}

export function Status({ transcription, state }: StatusProps) {
  const { locale } = usePage();
  const seconds = useSecondsUntil(transcription.reconnect);
  const { icon, tone } = LOOKS[state];
  const word = stateWord(state, locale, seconds);
  return (
    <div className={`status status-${tone}`} data-state={state}>
      <span className="pill">
        <Icon name={icon} />
        <span className="tabular">{word}</span>
      </span>
      <Level microphone={transcription.microphone} isOn={transcription.isListening} />
      <span className="visually-hidden" role="status">
        {ANNOUNCED.has(state) ? stateWord(state, locale, 0) : ""}
      </span>
    </div>
  );
}

interface LevelProps {
  microphone: MicrophoneSource | null;
  isOn: boolean;
}

/** Speech is quiet in linear terms: the line shows 60 dB of loudness. */
function Level({ microphone, isOn }: LevelProps) {
  const { rms } = useAudioLevel(isOn ? microphone : null);
  const loudness = rms > 0 ? Math.max(0, 1 + Math.log10(rms) / 3) : 0;
  return (
    <span className="level" aria-hidden="true">
      <span style={{ transform: `scaleX(${loudness.toFixed(3)})` }} />
    </span>
  );
}
