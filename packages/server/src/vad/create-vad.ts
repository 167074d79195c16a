import type { VoiceActivityDetector } from "@stt/core";
import { SileroVad, type VadBatch } from "./silero-vad.js";
import { digitalSilenceFilter, type PreFilter, WebRtcGate, type WebRtcMode } from "./webrtc-gate.js";

/**
 * What may keep a frame from Silero, whose probability is then 0:
 * - `webrtc`: the WebRTC detector has heard no speech for 256 ms and Silero saw none either;
 * - `digital-silence`: the same, with exact zeros for "no speech";
 * - `off`: nothing.
 */
export type VadGate = "webrtc" | "digital-silence" | "off";

/** Where the detector reports what it does. A pino logger fits. */
export interface VadLog {
  debug(details: object, message: string): void;
}

export interface CreateVadOptions {
  /** @default "webrtc" */
  gate?: VadGate | undefined;
  /** Aggressiveness of the WebRTC gate, which may change; see `webRtcModeOf` for WEBRTC_SENSITIVITY. @default 3 */
  webrtcMode?: WebRtcMode | (() => WebRtcMode) | undefined;
  /** Streams answered in one inference. @default 128 */
  maxBatch?: number | undefined;
  /** Observes every batch, for the metrics. */
  onBatch?: ((batch: VadBatch) => void) | undefined;
  log?: VadLog | undefined;
}

/**
 * The server's voice activity detector: Silero, behind a WebRTC gate that keeps plain silence away from it.
 *
 * @throws SttError `bad_model`, `io_error` or `invalid_argument`.
 */
export async function createVad(options: CreateVadOptions = {}): Promise<VoiceActivityDetector> {
  const { gate = "webrtc", webrtcMode = 3, maxBatch, onBatch, log } = options;
  const startedAt = performance.now();
  const mode = typeof webrtcMode === "function" ? webrtcMode : () => webrtcMode;
  const createPreFilter = await preFilterFactory(gate, mode);
  const vad = await SileroVad.create({ maxBatch, onBatch, createPreFilter });
  log?.debug(
    { gate, webrtcMode: mode(), loadMs: Math.round(performance.now() - startedAt) },
    "voice activity detector ready",
  );
  return vad;
}

async function preFilterFactory(gate: VadGate, mode: () => WebRtcMode): Promise<(() => PreFilter) | undefined> {
  switch (gate) {
    case "webrtc": {
      const webrtc = await WebRtcGate.create(mode);
      return () => webrtc.createPreFilter();
    }
    case "digital-silence":
      return () => digitalSilenceFilter;
    case "off":
      return undefined;
  }
}
