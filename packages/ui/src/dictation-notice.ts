/** What a person in front of the microphone should know while it works on. */
import { type Locale, microphoneText } from "@stt/core";
import type { UseTranscriptionResult } from "@stt/react";
import { fill } from "./fill.js";
import { UI_TEXTS } from "./texts.js";

/** The model that only tests use, by its names in the catalogue. */
const TEST_MODEL = /^micro\b/;

/** Whether what this server writes is worth reading. */
export function isTestModel(model: string | undefined): boolean {
  return model !== undefined && TEST_MODEL.test(model);
}

export interface NoticeFacts {
  transcription: Pick<UseTranscriptionResult, "microphone" | "reconnect" | "status">;
  /** Until the next attempt to connect. */
  seconds: number;
  /** How long the microphone has given nothing at all; 0 for it does. */
  silentSeconds: number;
  /** Speech that was given up since the connection broke, milliseconds. */
  lostMs: number;
  /** Speech that is kept at most, milliseconds. */
  maxKeptMs: number;
}

/** One sentence, the most pressing one; null when there is nothing to say. */
export function dictationNotice(facts: NoticeFacts, locale: Locale): string | null {
  const { transcription, seconds, silentSeconds, lostMs, maxKeptMs } = facts;
  const { microphone, reconnect, status } = transcription;
  const texts = UI_TEXTS[locale];
  if (reconnect && reconnect.code !== "capacity" && (status === "reconnecting" || status === "connecting")) {
    const server = location.host;
    if (lostMs === 0) return status === "connecting" ? fill(texts.away, { server, seconds }) : null;
    return fill(texts.awayWithLoss, { server, seconds, lost: ceilSeconds(lostMs), kept: Math.floor(maxKeptMs / 1000) });
  }
  if (microphone?.state === "lost") return microphoneText("lost", locale);
  if (microphone?.state === "muted") return texts.muted;
  return silentSeconds > 0 && status === "listening" ? fill(texts.silent, { seconds: silentSeconds }) : null;
}

function ceilSeconds(ms: number): number {
  return Math.ceil(ms / 1000);
}
