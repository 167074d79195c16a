import type { SttErrorCode } from "@stt/core";
import type { OwnContainer } from "./audio-decoder.js";

/** What a decoding thread is started with. */
export interface DecodeWork {
  path: string;
  container: OwnContainer;
  /** Offset of the first byte that counts. */
  start: number;
  maxDurationMs: number;
}

/** Its answer to each request for more. */
export type DecodeReply =
  | { kind: "audio"; samples: Float32Array }
  | { kind: "end" }
  | { kind: "failed"; code: SttErrorCode; message: string };
