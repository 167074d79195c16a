import type { Device } from "@stt/core";
import type { Log } from "../../observability/log.js";

/** How to open a Whisper model. */
export interface WhisperEngineOptions {
  /** A ggml model file. */
  modelPath: string;
  /** Name for people, metrics and protocol messages, for example `micro`. */
  modelName: string;
  /** `auto` uses a GPU if there is one. `cuda` without one runs on the CPU, and `info.actualDevice` says so. */
  device: Device | "auto";
  /** CPU threads of one call. 0 chooses. @default all usable cores divided by `concurrency` */
  threads?: number;
  /** Calls that run at the same time; each has a state of its own. 0 chooses. @default 1 on a CPU, 2 on a GPU */
  concurrency?: number;
  /**
   * Fused attention, whisper.cpp's own choice. On a CPU a token costs a fifth to a quarter less without it (Whisper base q8_0, one thread, AVX2, window of 1024:
   * 7.1 ms for 8.8 to 9.9), and its keys are padded to steps of 256 positions, which dilutes attention in other windows. @default on a GPU
   */
  flashAttention?: boolean | undefined;
  /**
   * The one GPU that an inference process may use, as in `CUDA_VISIBLE_DEVICES`; needs a process of its own.
   * @default that variable
   */
  cudaDevice?: string;
  log: Log;
}
