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
  /** Fused attention: faster, a little less memory. @default true */
  flashAttention?: boolean;
  /**
   * The one GPU that an inference process may use, as in `CUDA_VISIBLE_DEVICES`; needs a process of its own.
   * @default that variable
   */
  cudaDevice?: string;
  log: Log;
}
