import type { AudioFormat } from "@stt/core";
import type { SessionSettings, SettingOverrides } from "../settings/session-settings.js";

/** What a session begins with. */
export interface SessionInit {
  id: string;
  format: AudioFormat;
  /** Of the server. */
  settings: SessionSettings;
  /** What this session has otherwise. @default nothing */
  overrides?: SettingOverrides;
  /** Most audio received and not yet seen by the detector before the transport must hold its client back. */
  maxBufferedMs: number;
  /** Offset of the first sample to come, at the input rate. @default 0 */
  fromSample?: number;
  /** Audio before this offset, at the input rate, has its final already. @default fromSample */
  finalizedSamples?: number;
  /** @default 0 */
  firstUtterance?: number;
  /** The end of the text so far, for an utterance that goes on after a resume. */
  context?: string;
  /** What `auto` has settled on before a resume. */
  language?: string | undefined;
}
