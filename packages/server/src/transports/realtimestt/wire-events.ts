import { assertNever, encodePcm, joinText } from "@stt/core";
import type { PartialEvent, SessionEvent } from "../../session/events.js";
import type { SessionSocket } from "../socket/session-socket.js";
import type { Recorder } from "./recorder.js";

/** All that is ever sent on a data socket: clients complain of types that they do not know. There are no wake words here. */
export type DataMessage =
  | { type: "realtime" | "fullSentence"; text: string }
  /** 16-bit little-endian mono at 16 kHz. */
  | { type: "transcription_start"; audio_bytes_base64: string }
  | { type: Signal };

type Signal =
  | "vad_detect_start"
  | "vad_detect_stop"
  | "recording_start"
  | "recording_stop"
  | "start_turn_detection"
  | "stop_turn_detection";

export interface WireEventsOptions {
  recorder: Recorder;
  socket: Pick<SessionSocket<DataMessage>, "send" | "sendLatest" | "dropLatest">;
  /** Most samples of an utterance that are sent with `transcription_start`; 0 sends none. */
  maxAudioSamples: number;
}

/** A session's events in the words and the order of RealtimeSTT's server. */
export class WireEvents {
  readonly #options: WireEventsOptions;
  /** Listening was announced, and no recording since. */
  #armed = false;
  /** The utterance that is being recorded. */
  #recording: number | undefined;
  /** End silence is being counted. */
  #turning = false;

  constructor(options: WireEventsOptions) {
    this.#options = options;
  }

  /** Announces that the server listens, unless it did so already or is recording. */
  listen(): void {
    if (this.#armed || this.#recording !== undefined) return;
    this.#armed = true;
    this.#options.recorder.measurements.listen_start = now();
    this.#sendSignal("vad_detect_start");
  }

  /** The listening begins anew. */
  wakeUp(): void {
    this.#options.recorder.measurements.listen_start = now();
    this.listen();
  }

  handle(event: SessionEvent): void {
    switch (event.type) {
      case "speech_start":
        this.#startRecording(event.utterance);
        return;
      case "silence_start":
        this.#turning = true;
        this.#options.recorder.measurements.speech_end_silence_start = now();
        this.#sendSignal("start_turn_detection");
        return;
      case "silence_end":
        this.#stopTurn();
        return;
      case "speech_end":
        this.#stopRecording(event.utterance);
        return;
      case "utterance_audio":
        this.#sendAudio(event.audio);
        return;
      case "partial":
        this.#sendPartial(event);
        return;
      case "final":
        this.#options.socket.dropLatest();
        if (event.text.trim() !== "") this.#options.socket.send({ type: "fullSentence", text: event.text });
        this.listen();
        return;
      case "discarded":
        this.#options.socket.dropLatest();
        this.#stopRecording(event.utterance);
        // No sentence follows: text that was shown is withdrawn, unless that of a newer recording took its place.
        if (event.revision > 0 && this.#recording === undefined)
          this.#options.socket.send({ type: "realtime", text: "" });
        this.listen();
        return;
      case "turn":
      case "progress":
      case "warning":
      case "error":
      case "end":
        // This wire has no words for these.
        return;
      default:
        assertNever(event);
    }
  }

  #startRecording(utterance: number): void {
    this.listen();
    this.#armed = false;
    this.#recording = utterance;
    const { measurements } = this.#options.recorder;
    measurements.is_recording = true;
    measurements.speech_end_silence_start = 0;
    this.#sendSignal("vad_detect_stop");
    this.#sendSignal("recording_start");
  }

  #stopRecording(utterance: number): void {
    if (this.#recording !== utterance) return;
    this.#stopTurn();
    this.#recording = undefined;
    const { measurements } = this.#options.recorder;
    measurements.is_recording = false;
    measurements.recording_stop_time = now();
    this.#sendSignal("recording_stop");
  }

  #stopTurn(): void {
    if (!this.#turning) return;
    this.#turning = false;
    this.#options.recorder.measurements.speech_end_silence_start = 0;
    this.#sendSignal("stop_turn_detection");
  }

  #sendAudio(audio: Float32Array): void {
    const { recorder, socket, maxAudioSamples } = this.#options;
    const { buffer, byteOffset, byteLength } = encodePcm(audio.subarray(0, maxAudioSamples), "pcm_s16le");
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    recorder.measurements.last_transcription_bytes = bytes;
    socket.send({ type: "transcription_start", audio_bytes_base64: bytes.toString("base64") });
  }

  #sendPartial({ committed, tentative, language }: PartialEvent): void {
    const { socket } = this.#options;
    const text = joinText(committed, tentative, language);
    if (text !== "") socket.sendLatest({ type: "realtime", text });
  }

  #sendSignal(type: Signal): void {
    this.#options.socket.send({ type });
  }
}

/** As Python's `time.time()`: seconds since 1970. */
function now(): number {
  return Date.now() / 1000;
}
