/** How dictation stands, for people: which state, and what it looks like. */
import { type StateKey, stateKeyOf } from "@stt/core";
import type { UseTranscriptionResult } from "@stt/react";
import type { Look } from "./pill.js";

export const STATE_LOOKS: Record<StateKey, Look> = {
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

/** @param heardAnything in this recording: until then the word invites to speak */
export function dictationState(transcription: UseTranscriptionResult, heardAnything: boolean): StateKey {
  const { status, permission, microphone } = transcription;
  if (microphone?.state === "lost") return "no_microphone";
  if (status === "idle" && permission === "denied") return "microphone_blocked";
  const key = stateKeyOf(transcription);
  return key === "listening" && !heardAnything && transcription.fileProgress === null ? "connected" : key;
}
