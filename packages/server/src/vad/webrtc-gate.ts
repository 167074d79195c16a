import createFvad, { type Fvad } from "@echogarden/fvad-wasm";
import { SttError, sumOfSquares, VAD_FRAME_SAMPLES } from "@stt/core";

/** Aggressiveness of the WebRTC detector: 0 lets most sounds through, 3 is strictest about calling something speech. */
export type WebRtcMode = 0 | 1 | 2 | 3;

/** 10 ms at 16 kHz, the shortest piece libfvad takes. Three fit a frame; its last 32 samples go unheard, as in RealtimeSTT. */
const PIECE_SAMPLES = 160;
const PIECES = 3;

/**
 * A frame may go unheard when it is at most this much stronger (1 dB) than the last one that was found to be no speech, and
 * the background is a quiet room (-50 dB of full scale): whatever it holds is then buried in what Silero hears nothing in
 * either. In louder backgrounds Silero sees every frame. Measured on the samples in zeros and noise of -65 to -40 dB: no onset
 * and no frame of speech comes out different for it; without the limit, an onset in noise of -40 dB came a frame late.
 */
const SAME_POWER = 1.25;
const QUIET_ROOM = 1e-5 * VAD_FRAME_SAMPLES;
/** At most so many in a row. Silero gets four skipped frames after all once something is heard, so it hears them too. */
const MOST_UNHEARD = 3;

/**
 * The mode for a value of WEBRTC_SENSITIVITY. The original system documents 1..4 but hands the number on to RealtimeSTT,
 * which hands it on to WebRTC, where 0..3 are modes: so 1..3 mean themselves, and 4, which would fail there, means 3.
 */
export function webRtcModeOf(sensitivity: number): WebRtcMode {
  return Math.min(3, Math.max(0, Math.round(sensitivity))) as WebRtcMode;
}

/** A cheap first opinion on one stream's frames; see {@link WebRtcGate} and {@link digitalSilenceFilter}. */
export interface PreFilter {
  /** Whether the frame of {@link VAD_FRAME_SAMPLES} samples may hold speech. Frames come in order. */
  mayContainSpeech(frame: Float32Array): boolean;
  /** Forgets the audio so far. */
  reset(): void;
  /** Frees the state. Called once. */
  close(): void;
}

/** Decides by exact zeros alone: what a muted microphone sends. */
export const digitalSilenceFilter: PreFilter = {
  mayContainSpeech: (frame) => powerOf(frame) !== 0,
  reset() {},
  close() {},
};

/**
 * The WebRTC voice activity detector (libfvad as WebAssembly): about 6 µs per frame against 50 to 170 for Silero, and in a
 * steady background only for every fourth frame. One WebAssembly instance serves all streams; a stream costs 744 bytes in it.
 */
export class WebRtcGate {
  readonly #fvad: Fvad;
  readonly #mode: () => WebRtcMode;
  readonly #samples: number;

  private constructor(fvad: Fvad, mode: () => WebRtcMode) {
    this.#fvad = fvad;
    this.#mode = mode;
    this.#samples = fvad._malloc(PIECES * PIECE_SAMPLES * Int16Array.BYTES_PER_ELEMENT);
  }

  /**
   * @param mode one for good, or asked with every frame.
   * @throws SttError `invalid_argument` for a mode other than 0..3.
   */
  static async create(mode: WebRtcMode | (() => WebRtcMode)): Promise<WebRtcGate> {
    const current = typeof mode === "function" ? mode : () => mode;
    if (![0, 1, 2, 3].includes(current())) {
      throw new SttError("invalid_argument", `The WebRTC mode must be 0, 1, 2 or 3, not ${current()}.`);
    }
    return new WebRtcGate(await createFvad(), current);
  }

  /** The size of the WebAssembly memory; it grows with the streams open at once and never shrinks. */
  get memoryBytes(): number {
    return this.#fvad.HEAP16.byteLength;
  }

  /** @throws SttError `capacity` when the WebAssembly memory (2 GB) is exhausted. */
  createPreFilter(): PreFilter {
    const handle = this.#fvad._fvad_new();
    if (handle === 0) throw new SttError("capacity", "The WebRTC detector has no memory for another stream.");
    let mode = this.#configure(handle);
    return new WebRtcPreFilter({
      isSpeech: (frame) => {
        if (mode !== this.#mode()) mode = this.#configure(handle);
        return this.#isSpeech(handle, frame);
      },
      reset: () => {
        this.#fvad._fvad_reset(handle);
        mode = this.#configure(handle);
      },
      close: () => this.#fvad._fvad_free(handle),
    });
  }

  #configure(handle: number): WebRtcMode {
    const mode = this.#mode();
    this.#fvad._fvad_set_mode(handle, mode);
    this.#fvad._fvad_set_sample_rate(handle, 16000);
    return mode;
  }

  #isSpeech(handle: number, frame: Float32Array): boolean {
    const fvad = this.#fvad;
    const heap = fvad.HEAP16;
    const at = this.#samples / Int16Array.BYTES_PER_ELEMENT;
    for (let i = 0; i < PIECES * PIECE_SAMPLES; i++) {
      // Rounded as by Math.round, which costs more: for what is above zero, cutting off rounds down.
      const step = ((frame[i]! * 32768 + 32768.5) | 0) - 32768;
      heap[at + i] = Math.max(-32768, Math.min(32767, step));
    }
    let speech = false;
    for (let piece = 0; piece < PIECES; piece++) {
      const address = this.#samples + piece * PIECE_SAMPLES * Int16Array.BYTES_PER_ELEMENT;
      // Every piece is looked at, even after speech: the detector learns the noise floor from what it hears.
      if (fvad._fvad_process(handle, address, PIECE_SAMPLES) === 1) speech = true;
    }
    return speech;
  }
}

/** One stream's detector. */
interface Detector {
  /** Whether a frame holds speech. */
  isSpeech(frame: Float32Array): boolean;
  reset(): void;
  close(): void;
}

/** Spares the detector most frames of a steady background. */
class WebRtcPreFilter implements PreFilter {
  readonly #detector: Detector;
  /** Power of the last frame that was looked at, if it was no speech and quiet; else 0. */
  #backgroundPower = 0;
  #unheard = 0;

  constructor(detector: Detector) {
    this.#detector = detector;
  }

  mayContainSpeech(frame: Float32Array): boolean {
    const power = powerOf(frame);
    if (power === 0) return false;
    if (power <= this.#backgroundPower * SAME_POWER && this.#unheard < MOST_UNHEARD) {
      this.#unheard++;
      return false;
    }
    this.#unheard = 0;
    const speech = this.#detector.isSpeech(frame);
    this.#backgroundPower = speech || power > QUIET_ROOM ? 0 : power;
    return speech;
  }

  reset(): void {
    this.#backgroundPower = 0;
    this.#unheard = 0;
    this.#detector.reset();
  }

  close(): void {
    this.#detector.close();
  }
}

/** 0 when every sample is exactly zero. */
const powerOf = (frame: Float32Array): number => sumOfSquares(frame, 0, VAD_FRAME_SAMPLES);
